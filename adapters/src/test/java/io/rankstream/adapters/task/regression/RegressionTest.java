package io.rankstream.adapters.task.regression;

import static io.rankstream.adapters.engine.Tensors.floats;
import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.pytorch.engine.PtNDManager;
import io.rankstream.adapters.engine.TestDevice;
import io.rankstream.adapters.state.LabelSet;
import io.rankstream.adapters.task.Answers;
import io.rankstream.adapters.task.Fit;
import io.rankstream.adapters.task.Target;
import io.rankstream.adapters.tokens.Tokens;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RegressionTest {

    private static final Tokens TEXT = new Tokens(new int[] {1, 2}, false);
    private static final Regression TASK = new Regression();
    private static final LabelSet NO_LABELS = LabelSet.of(List.of());

    @Test
    void saysItsOutputAndLosesTheSquaredError() {
        try (PtNDManager manager = TestDevice.newManager()) {
            Answers<Double> answers =
                    TASK.answers(
                            floats(manager, new float[] {1, -2}, 2, 1),
                            List.of(TEXT, TEXT),
                            List.of(1.5, 1.));

            assertThat(answers.losses().toFloatArray()).containsExactly(.25f, 9);
            assertThat(answers.values()).containsExactly(1., -2.);
            assertThat(answers.said().get(0).probability()).isNaN();
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, -3.5, 1e-300, 1e9, 1e18, -1e18})
    void learnsEveryNumberWhoseErrorIsAFloat(double number) {
        assertThat(TASK.fit(new Target.Numeric(number), "price", NO_LABELS))
                .isEqualTo(new Fit.Ready<>(number));
        try (PtNDManager manager = TestDevice.newManager()) {
            Answers<Double> farthest =
                    TASK.answers(
                            floats(manager, new float[] {(float) -number}, 1, 1),
                            List.of(TEXT),
                            List.of(number));
            assertThat(farthest.losses().toFloatArray()[0]).isFinite();
        }
    }

    @ParameterizedTest
    @ValueSource(
            doubles = {
                Double.NaN,
                Double.POSITIVE_INFINITY,
                Double.NEGATIVE_INFINITY,
                1.1e18,
                -3e38,
                -1e300
            })
    void refusesEveryOther(double number) {
        assertThat(TASK.fit(new Target.Numeric(number), "price", NO_LABELS).refusal())
                .hasValueSatisfying(
                        refused -> {
                            assertThat(refused.reason()).isEqualTo(Fit.Reason.NOT_FINITE);
                            assertThat(refused.message())
                                    .contains(new Target.Numeric(number).shown(), "'price'");
                        });
    }

    @Test
    void refusesALabelASpanAndAList() {
        for (Target target :
                List.of(
                        new Target.Label("ham"),
                        new Target.Span(0, 3),
                        new Target.Several(List.of()))) {
            assertThat(TASK.fit(target, "price", NO_LABELS).refusal())
                    .hasValueSatisfying(
                            refused -> {
                                assertThat(refused.reason()).isEqualTo(Fit.Reason.NO_NUMBER);
                                assertThat(refused.message())
                                        .contains(target.noun(), target.shown(), "'price'");
                            });
        }
    }
}
