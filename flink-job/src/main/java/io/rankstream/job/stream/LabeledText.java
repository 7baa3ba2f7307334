package io.rankstream.job.stream;

import static java.util.Objects.requireNonNull;

import io.rankstream.adapters.Example;
import org.apache.flink.api.common.typeinfo.TypeInfo;

/**
 * A text, or a pair of texts, with what is true of it and the adapter that shall learn it.
 *
 * @param id names the text in predictions and refusals
 * @param adapterId the adapter
 * @param example the text or texts, and one of the adapter's labels, or a number
 * @param eventTime milliseconds since the epoch; what the text is of, for whoever reads predictions
 */
@TypeInfo(LabeledTextSerializer.Type.class)
public record LabeledText(String id, String adapterId, Example example, long eventTime) {

    public LabeledText {
        requireNonNull(id, "the text has no id");
        requireNonNull(adapterId, "the text has no adapter");
        requireNonNull(example, "there is no text");
    }

    /** A text with one of the adapter's labels. */
    public LabeledText(String id, String adapterId, String text, String label, long eventTime) {
        this(id, adapterId, new Example(text, label), eventTime);
    }

    /** A text with a number. */
    public LabeledText(String id, String adapterId, String text, double number, long eventTime) {
        this(id, adapterId, new Example(text, number), eventTime);
    }
}
