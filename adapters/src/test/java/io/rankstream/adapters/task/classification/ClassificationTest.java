package io.rankstream.adapters.task.classification;

import static io.rankstream.adapters.engine.Tensors.floats;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.pytorch.engine.PtNDArray;
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

class ClassificationTest {

    private static final Tokens TEXT = new Tokens(new int[] {1, 2}, false);
    private static final Classification TASK = new Classification();
    private static final LabelSet LABELS =
            LabelSet.of(List.of("ham", "spam", "eggs")).without(List.of("eggs"));

    @Test
    void countsTheNegativeLogProbabilityOfTheTrueLabel() {
        try (PtNDManager manager = TestDevice.newManager()) {
            PtNDArray outputs = floats(manager, new float[] {0, (float) Math.log(3)}, 1, 2);

            Answers<Integer> answers = TASK.answers(outputs, List.of(TEXT), List.of(0));

            assertThat((double) answers.losses().getFloat(0))
                    .isCloseTo(-Math.log(.25), within(1e-6));
            assertThat(answers.said().get(0).value()).isEqualTo(1);
            assertThat(answers.said().get(0).probability()).isCloseTo(.75f, within(1e-6f));
        }
    }

    @Test
    void learnsTheRowOfALabelInUse() {
        assertThat(TASK.fit(new Target.Label("spam"), "mails", LABELS))
                .isEqualTo(new Fit.Ready<>(1));
    }

    @ParameterizedTest
    @ValueSource(strings = {"eggs", "milk", "", "Spam"})
    void refusesALabelThatIsNotInUse(String label) {
        assertThat(TASK.fit(new Target.Label(label), "mails", LABELS).refusal())
                .hasValueSatisfying(
                        refused -> {
                            assertThat(refused.reason())
                                    .isIn(Fit.Reason.UNKNOWN_LABEL, Fit.Reason.RETIRED_LABEL);
                            assertThat(refused.message()).contains("'mails'", "'" + label + "'");
                        });
    }

    @Test
    void refusesANumberASpanAndAList() {
        for (Target target :
                List.of(
                        new Target.Numeric(3),
                        new Target.Span(1, 2),
                        new Target.Several(List.of(new Target.Label("ham"))))) {
            assertThat(TASK.fit(target, "mails", LABELS).refusal())
                    .hasValueSatisfying(
                            refused -> {
                                assertThat(refused.reason()).isEqualTo(Fit.Reason.NO_LABEL);
                                assertThat(refused.message())
                                        .contains(target.noun(), "'mails'", "'ham', 'spam'");
                            });
        }
    }
}
