package io.rankstream.job.decode;

import io.rankstream.adapters.task.Target;
import io.rankstream.job.record.RawRecord;
import java.util.Optional;

/**
 * An example that was decoded from the stream.
 *
 * @param id id given by the producer
 * @param adapterId adapter that shall learn from it; a valid {@link
 *     io.rankstream.adapters.state.AdapterId}
 * @param text text to learn from
 * @param pair second text, if it is a pair
 * @param target what is true of it
 * @param eventTime milliseconds since the epoch, as given by the producer
 * @param uniform whether it tells of all inputs alike; false where its label was asked for because
 *     of what the adapter said
 * @param origin the record it was decoded from, kept for a dead letter
 */
public record Example(
        String id,
        String adapterId,
        String text,
        Optional<String> pair,
        Target target,
        long eventTime,
        boolean uniform,
        RawRecord origin) {

    /** One that was not selected. */
    public Example(
            String id,
            String adapterId,
            String text,
            Optional<String> pair,
            Target target,
            long eventTime,
            RawRecord origin) {
        this(id, adapterId, text, pair, target, eventTime, true, origin);
    }
}
