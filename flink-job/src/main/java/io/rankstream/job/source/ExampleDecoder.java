package io.rankstream.job.source;

import static io.rankstream.job.source.FieldMeaning.TEXT;
import static io.rankstream.job.source.FieldMeaning.TIME;

import io.rankstream.adapters.text.Excerpt;
import io.rankstream.schemas.DeadLetterReason;
import java.time.Duration;
import java.util.List;

/** Turns records into examples. */
final class ExampleDecoder extends ValueDecoder<Example> {

    static final List<NeededField> FIELDS =
            List.of(
                    NeededField.required("exampleId", TEXT),
                    NeededField.required(ADAPTER_ID, TEXT),
                    NeededField.required("text", TEXT),
                    NeededField.required("label", TEXT),
                    NeededField.required("eventTime", TIME));

    ExampleDecoder(SchemaLookup lookup, Duration outageTimeout, RetryClock clock) {
        super("LabeledExample", FIELDS, lookup, outageTimeout, clock);
    }

    @Override
    void check(FieldValues read, Problems problems) {
        check(read.text("exampleId"), read.text("text"), problems);
    }

    /**
     * Adds what is wrong with an example beside the types of its fields.
     *
     * @param id null if it is not there, which has been found
     * @param text as {@code id}
     */
    static void check(String id, String text, Problems problems) {
        if (id != null && !RecordId.isValid(id)) {
            problems.add(
                    DeadLetterReason.INVALID_EXAMPLE_ID,
                    "example id %s has %,d characters, expected %s"
                            .formatted(Excerpt.of(id), id.length(), RecordId.RULE));
        }
        // Alone, it is found with the adapter's settings at hand, and named together with the
        // label.
        if (!problems.isEmpty() && text != null && !VisibleText.isIn(text)) {
            problems.add(DeadLetterReason.EMPTY_TEXT, VisibleText.missingIn(text));
        }
    }

    @Override
    Example value(RawRecord raw, FieldValues read) {
        return new Example(
                read.text("exampleId"),
                read.text(ADAPTER_ID),
                read.text("text"),
                read.text("label"),
                read.number("eventTime"),
                raw);
    }
}
