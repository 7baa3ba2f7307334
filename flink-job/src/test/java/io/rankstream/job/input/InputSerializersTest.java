package io.rankstream.job.input;

import static org.assertj.core.api.Assertions.assertThat;

import io.rankstream.adapters.task.Target;
import io.rankstream.job.record.RawRecord;
import io.rankstream.job.record.Records;
import io.rankstream.job.state.ValueSerializer;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.junit.jupiter.api.Test;

class InputSerializersTest {

    private static final RawRecord RECORD = Records.raw(new byte[] {0, 0, 0, 0, 7, -1});
    private static final LabelProbabilities SAID =
            new LabelProbabilities(List.of("ham", "späm"), new float[] {.25f, .75f});

    @Test
    void keepAnInputWithTheOrderOfItsMetadata() throws IOException {
        Map<String, String> metadata = new LinkedHashMap<>();
        metadata.put("z", "last");
        metadata.put("a", "first");
        Input input = input(Optional.of("second"), metadata, Optional.empty());

        Input read = copy(InputSerializer.INSTANCE, input);

        assertThat(read).usingRecursiveComparison().isEqualTo(input);
        assertThat(read.metadata().keySet()).containsExactly("z", "a");
    }

    @Test
    void keepWhatAnotherModelSaid() throws IOException {
        Input input =
                input(Optional.empty(), Map.of(), Optional.of(new GivenPrediction("v7", SAID)));

        assertThat(copy(InputSerializer.INSTANCE, input))
                .usingRecursiveComparison()
                .isEqualTo(input);
    }

    @Test
    void keepWhatWasPredicted() throws IOException {
        for (Target said :
                List.of(
                        new Target.Label("späm"),
                        new Target.Numeric(-.5),
                        new Target.Span(3, 9),
                        new Target.Span(3, 9, "näme"),
                        new Target.Several(List.of()),
                        new Target.Several(List.of(new Target.Label("a"), new Target.Label("b"))),
                        new Target.Several(
                                List.of(new Target.Span(0, 2), new Target.Span(3, 9, "näme"))))) {
            PredictedInput predicted =
                    new PredictedInput(
                            input(Optional.empty(), Map.of(), Optional.empty()),
                            Optional.of(new ModelVersion.Published(12)),
                            345,
                            6,
                            true,
                            true,
                            Optional.of(said),
                            SAID,
                            1.5f,
                            -7);

            assertThat(copy(PredictedInputSerializer.INSTANCE, predicted))
                    .usingRecursiveComparison()
                    .isEqualTo(predicted);
        }
    }

    @Test
    void keepThatNothingWasPredicted() throws IOException {
        PredictedInput nothing =
                PredictedInput.given(input(Optional.empty(), Map.of(), Optional.empty()));

        assertThat(copy(PredictedInputSerializer.INSTANCE, nothing))
                .usingRecursiveComparison()
                .isEqualTo(nothing);
        assertThat(nothing.predicted()).isEmpty();
        assertThat(nothing.version()).isEmpty();
    }

    @Test
    void keepTheMostProbableLabelOfAnotherModelWithItsVersion() throws IOException {
        PredictedInput given =
                PredictedInput.given(
                        input(
                                Optional.empty(),
                                Map.of(),
                                Optional.of(new GivenPrediction("2024-05", SAID))));

        assertThat(copy(PredictedInputSerializer.INSTANCE, given))
                .usingRecursiveComparison()
                .isEqualTo(given);
        assertThat(given.predicted()).contains(new Target.Label("späm"));
        assertThat(given.version()).contains(new ModelVersion.Foreign("2024-05"));
        assertThat(given.labels()).containsExactly("ham", "späm");
        assertThat(given.probabilities()).containsExactly(.25f, .75f);
    }

    private static Input input(
            Optional<String> pair, Map<String, String> metadata, Optional<GivenPrediction> given) {
        return new Input("i-1", "spam", "Grüße 🙂", pair, metadata, -5, given, RECORD);
    }

    private static <T> T copy(ValueSerializer<T> serializer, T value) throws IOException {
        DataOutputSerializer out = new DataOutputSerializer(64);
        serializer.serialize(value, out);
        DataInputDeserializer in = new DataInputDeserializer(out.getCopyOfBuffer());
        T read = serializer.deserialize(in);
        assertThat(in.available()).isZero();
        return read;
    }
}
