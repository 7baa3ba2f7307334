package io.rankstream.job.decode;

import static io.rankstream.job.mapping.ExampleField.ADAPTER_ID;
import static io.rankstream.job.mapping.ExampleField.EXAMPLE_ID;
import static io.rankstream.job.mapping.ExampleField.TEXT;
import static io.rankstream.job.mapping.ExampleField.TEXT_PAIR;

import io.rankstream.job.decode.avro.DecodeResult;
import io.rankstream.job.decode.avro.DecodeResult.Decoded;
import io.rankstream.job.decode.avro.DecodeResult.Refused;
import io.rankstream.job.decode.avro.Problems;
import io.rankstream.job.input.GivenPrediction;
import io.rankstream.job.input.Input;
import io.rankstream.job.input.LabelProbabilities;
import io.rankstream.job.mapping.JsonDocuments;
import io.rankstream.job.mapping.JsonMapping;
import io.rankstream.job.mapping.MappedJson;
import io.rankstream.job.mapping.MappedPrediction;
import io.rankstream.job.record.RawRecord;
import io.rankstream.schemas.DeadLetterReason;
import java.util.Optional;

/**
 * Turns JSON documents into inputs without a label, by the mapping of examples. An input without a
 * time has that of its record.
 */
public final class JsonInputDecoder implements RecordDecoder<Input> {

    private final InputAudience audience;
    private final JsonDocuments documents;

    JsonInputDecoder(InputAudience audience, JsonMapping mapping) {
        this.audience = audience;
        this.documents = JsonDocuments.ofInputs(mapping);
    }

    @Override
    public DecodeResult<Input> decode(RawRecord raw) {
        if (raw.value() == null) {
            return new Refused<>(
                    DeadLetterReason.NULL_VALUE, "the value is null, expected a JSON object");
        }
        MappedJson read = documents.read(raw.value(), JsonExampleDecoder.place(raw));
        Problems problems = new Problems();
        long eventTime = JsonExampleDecoder.eventTime(read, raw, problems);
        String adapterId = ValueDecoder.checkedAdapterId(read.get(ADAPTER_ID), problems);
        read.given()
                .flatMap(JsonInputDecoder::flaw)
                .ifPresent(flaw -> problems.add(DeadLetterReason.UNDECODABLE, flaw));
        Optional<String> pair = Optional.ofNullable(read.get(TEXT_PAIR));
        ExampleDecoder.check(read.get(EXAMPLE_ID), read.get(TEXT), pair, problems);
        audience.check(read.get(TEXT), pair, read.metadata(), problems);
        return problems.isEmpty()
                ? new Decoded<>(
                        new Input(
                                read.get(EXAMPLE_ID),
                                adapterId,
                                read.get(TEXT),
                                pair,
                                read.metadata(),
                                eventTime,
                                read.given().map(JsonInputDecoder::given),
                                raw))
                : problems.refused(adapterId, "the value is no input: ");
    }

    /** Why what a document says of another model is no prediction; empty if it is one. */
    public static Optional<String> flaw(MappedPrediction said) {
        return GivenPrediction.flaw(said.version(), said.labels(), said.probabilities())
                .map(
                        flaw ->
                                "prediction %s, expected an object of %s"
                                        .formatted(flaw, GivenPrediction.RULE));
    }

    private static GivenPrediction given(MappedPrediction said) {
        float[] probabilities = new float[said.probabilities().size()];
        for (int i = 0; i < probabilities.length; i++) {
            probabilities[i] = said.probabilities().get(i);
        }
        return new GivenPrediction(
                said.version(), new LabelProbabilities(said.labels(), probabilities));
    }
}
