package io.rankstream.job.decode;

import static io.rankstream.job.decode.avro.FieldMeaning.GIVEN_PREDICTION;
import static io.rankstream.job.decode.avro.FieldMeaning.NAMED_TEXTS;
import static io.rankstream.job.decode.avro.FieldMeaning.TEXT;
import static io.rankstream.job.decode.avro.FieldMeaning.TIME;

import io.rankstream.job.decode.avro.FieldValues;
import io.rankstream.job.decode.avro.NeededField;
import io.rankstream.job.decode.avro.Problems;
import io.rankstream.job.decode.avro.RetryClock;
import io.rankstream.job.decode.avro.SchemaLookup;
import io.rankstream.job.input.Input;
import io.rankstream.job.record.RawRecord;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Turns Avro records into inputs without a label. */
final class InputDecoder extends ValueDecoder<Input> {

    static final List<NeededField> FIELDS =
            List.of(
                    NeededField.required("exampleId", TEXT),
                    NeededField.required(ADAPTER_ID, TEXT),
                    NeededField.required("text", TEXT),
                    NeededField.required("eventTime", TIME),
                    NeededField.optional("textPair", TEXT),
                    NeededField.optional("metadata", NAMED_TEXTS),
                    NeededField.optional("prediction", GIVEN_PREDICTION));

    private final InputAudience audience;

    InputDecoder(
            InputAudience audience, SchemaLookup lookup, Duration outageTimeout, RetryClock clock) {
        super("UnlabeledInput", FIELDS, lookup, outageTimeout, clock);
        this.audience = audience;
    }

    @Override
    void check(FieldValues read, Problems problems) {
        Optional<String> pair = Optional.ofNullable(read.text("textPair"));
        ExampleDecoder.check(read.text("exampleId"), read.text("text"), pair, problems);
        audience.check(read.text("text"), pair, read.namedTexts("metadata"), problems);
    }

    @Override
    Input value(RawRecord raw, FieldValues read) {
        return new Input(
                read.text("exampleId"),
                read.text(ADAPTER_ID),
                read.text("text"),
                Optional.ofNullable(read.text("textPair")),
                read.namedTexts("metadata"),
                read.number("eventTime"),
                read.given("prediction"),
                raw);
    }
}
