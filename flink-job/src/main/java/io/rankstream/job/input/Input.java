package io.rankstream.job.input;

import io.rankstream.job.record.RawRecord;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * An input of which nobody has said yet what is true.
 *
 * @param exampleId id given by the producer, unique within its adapter
 * @param adapterId adapter that shall predict; a valid {@link
 *     io.rankstream.adapters.state.AdapterId}
 * @param text the whole text
 * @param pair second text, if it is a pair
 * @param metadata what people shall see beside the text, in the order of the record; unmodifiable
 * @param eventTime milliseconds since the epoch, as given by the producer
 * @param given what another model has said, for a loop that trains nothing
 * @param origin the record it was decoded from, kept for a dead letter
 */
public record Input(
        String exampleId,
        String adapterId,
        String text,
        Optional<String> pair,
        Map<String, String> metadata,
        long eventTime,
        Optional<GivenPrediction> given,
        RawRecord origin) {

    public Input {
        metadata = Collections.unmodifiableMap(new LinkedHashMap<>(metadata));
    }
}
