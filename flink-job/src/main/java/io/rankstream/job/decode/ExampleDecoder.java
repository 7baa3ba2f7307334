package io.rankstream.job.decode;

import static io.rankstream.job.decode.avro.FieldMeaning.FLAG;
import static io.rankstream.job.decode.avro.FieldMeaning.TARGET;
import static io.rankstream.job.decode.avro.FieldMeaning.TEXT;
import static io.rankstream.job.decode.avro.FieldMeaning.TIME;

import io.rankstream.adapters.text.Excerpt;
import io.rankstream.adapters.text.VisibleText;
import io.rankstream.job.decode.avro.DecodeResult;
import io.rankstream.job.decode.avro.FieldValues;
import io.rankstream.job.decode.avro.NeededField;
import io.rankstream.job.decode.avro.Problems;
import io.rankstream.job.decode.avro.RetryClock;
import io.rankstream.job.decode.avro.SchemaLookup;
import io.rankstream.job.record.RawRecord;
import io.rankstream.job.record.RecordId;
import io.rankstream.schemas.DeadLetterReason;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Turns records into examples. */
public final class ExampleDecoder extends ValueDecoder<Example> {

    static final List<NeededField> FIELDS =
            List.of(
                    NeededField.required("exampleId", TEXT),
                    NeededField.required(ADAPTER_ID, TEXT),
                    NeededField.required("text", TEXT),
                    NeededField.required("label", TARGET),
                    NeededField.required("eventTime", TIME),
                    NeededField.optional("textPair", TEXT),
                    NeededField.optional("uniform", FLAG));

    public ExampleDecoder(SchemaLookup lookup, Duration outageTimeout, RetryClock clock) {
        super("LabeledExample", FIELDS, lookup, outageTimeout, clock);
    }

    @Override
    void check(FieldValues read, Problems problems) {
        check(
                read.text("exampleId"),
                read.text("text"),
                Optional.ofNullable(read.text("textPair")),
                problems);
    }

    /** An example that is not read from a record, if what it has can be used. */
    public static DecodeResult<Example> checked(Example example) {
        Problems problems = new Problems();
        String adapterId = checkedAdapterId(example.adapterId(), problems);
        check(example.id(), example.text(), example.pair(), problems);
        return problems.isEmpty()
                ? new DecodeResult.Decoded<>(example)
                : problems.refused(adapterId, "");
    }

    /**
     * Adds what is wrong with an example beside the types of its fields.
     *
     * @param id null if it is not there, which has been found
     * @param text as {@code id}
     * @param pair second text, if there is one
     */
    static void check(String id, String text, Optional<String> pair, Problems problems) {
        if (id != null && !RecordId.isValid(id)) {
            problems.add(
                    DeadLetterReason.INVALID_EXAMPLE_ID,
                    "example id %s has %,d characters, expected %s"
                            .formatted(Excerpt.of(id), id.length(), RecordId.RULE));
        }
        // Alone, it is found with the adapter's settings at hand, and named together with the
        // label.
        if (!problems.isEmpty() && text != null && !VisibleText.isIn(text, pair)) {
            problems.add(DeadLetterReason.EMPTY_TEXT, VisibleText.missingIn(text));
        }
    }

    @Override
    Example value(RawRecord raw, FieldValues read) {
        return new Example(
                read.text("exampleId"),
                read.text(ADAPTER_ID),
                read.text("text"),
                Optional.ofNullable(read.text("textPair")),
                read.target("label"),
                read.number("eventTime"),
                read.flag("uniform", true),
                raw);
    }
}
