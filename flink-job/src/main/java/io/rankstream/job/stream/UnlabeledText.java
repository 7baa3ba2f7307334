package io.rankstream.job.stream;

import static java.util.Objects.requireNonNull;

import java.util.Optional;
import org.apache.flink.api.common.typeinfo.TypeInfo;

/**
 * A text, or a pair of texts, of which an adapter shall say what it is.
 *
 * @param id names the text in predictions and refusals
 * @param adapterId the adapter
 * @param text the text
 * @param pair second text, if it is a pair
 * @param eventTime milliseconds since the epoch; what the text is of, for whoever reads predictions
 */
@TypeInfo(UnlabeledTextSerializer.Type.class)
public record UnlabeledText(
        String id, String adapterId, String text, Optional<String> pair, long eventTime) {

    public UnlabeledText {
        requireNonNull(id, "the text has no id");
        requireNonNull(adapterId, "the text has no adapter");
        requireNonNull(text, "there is no text");
        requireNonNull(pair, "the second text is null, expected an empty one where there is none");
    }

    /** One text. */
    public UnlabeledText(String id, String adapterId, String text, long eventTime) {
        this(id, adapterId, text, Optional.empty(), eventTime);
    }
}
