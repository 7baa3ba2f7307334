package io.rankstream.job.input;

import static org.assertj.core.api.Assertions.assertThat;

import io.rankstream.adapters.task.Target;
import io.rankstream.job.record.RawRecord;
import io.rankstream.schemas.InputPrediction;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class InputPredictionsTest {

    private static final LabelProbabilities SAID =
            new LabelProbabilities(List.of("ham", "spam"), new float[] {.25f, .75f});

    @Test
    void haveWhatWasSaidAndWhereTheInputWasRead() {
        InputPrediction told =
                InputPredictions.unselected(predicted(Optional.of(new ModelVersion.Published(12))));

        assertThat(told)
                .isEqualTo(
                        new InputPrediction(
                                "i-1",
                                "spam",
                                "spam",
                                List.of("ham", "spam"),
                                List.of(.25f, .75f),
                                6L,
                                345L,
                                12L,
                                true,
                                true,
                                false,
                                0.,
                                false,
                                Instant.ofEpochMilli(-5),
                                Instant.ofEpochMilli(99),
                                "unlabeled-inputs",
                                3,
                                41L));
    }

    @Test
    void haveTheVersionOfWhoeverPredicted() {
        assertThat(InputPredictions.unselected(predicted(Optional.empty())).getVersion()).isNull();
        assertThat(
                        InputPredictions.unselected(
                                        predicted(Optional.of(new ModelVersion.Foreign("2024"))))
                                .getVersion())
                .isEqualTo("2024");
    }

    private static PredictedInput predicted(Optional<ModelVersion> version) {
        return new PredictedInput(
                new Input(
                        "i-1",
                        "spam",
                        "a text",
                        Optional.empty(),
                        Map.of(),
                        -5,
                        Optional.empty(),
                        new RawRecord("unlabeled-inputs", 3, 41, null, null)),
                version,
                345,
                6,
                true,
                true,
                Optional.of(new Target.Label("spam")),
                SAID,
                1.5f,
                99);
    }
}
