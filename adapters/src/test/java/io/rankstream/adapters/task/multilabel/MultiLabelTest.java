package io.rankstream.adapters.task.multilabel;

import static io.rankstream.adapters.engine.Tensors.floats;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import io.rankstream.adapters.engine.Autograd;
import io.rankstream.adapters.engine.Operations;
import io.rankstream.adapters.engine.Tensors;
import io.rankstream.adapters.engine.TestDevice;
import io.rankstream.adapters.state.LabelSet;
import io.rankstream.adapters.task.Answers;
import io.rankstream.adapters.task.Fit;
import io.rankstream.adapters.task.Target;
import io.rankstream.adapters.task.Tasks;
import io.rankstream.adapters.tokens.Tokens;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class MultiLabelTest {

    private static final Tokens TEXT = new Tokens(new int[] {1, 2}, false);
    private static final MultiLabel TASK = new MultiLabel();
    private static final LabelSet LABELS =
            LabelSet.of(List.of("refund", "broken", "eggs", "late")).without(List.of("eggs"));
    private static final float RETIRED = Float.NEGATIVE_INFINITY;

    private static Target list(String... labels) {
        return new Target.Several(Stream.of(labels).<Target>map(Target.Label::new).toList());
    }

    private static Tags rows(Integer... rows) {
        return new Tags(List.of(rows), 3);
    }

    @Test
    void countsTheMeanBinaryCrossEntropyOfTheLabelsInUse() {
        try (PtNDManager manager = TestDevice.newManager()) {
            PtNDArray outputs =
                    floats(manager, new float[] {0, (float) Math.log(3), RETIRED, -2}, 1, 4);

            Answers<Tags> answers = TASK.answers(outputs, List.of(TEXT), List.of(rows(0)));

            double none = Math.log(2) - Math.log(.25) + Math.log1p(Math.exp(-2));
            assertThat((double) answers.losses().getFloat(0)).isCloseTo(none / 3, within(1e-6));
            assertThat(answers.values()).containsExactly(rows(0, 1));
            assertThat(answers.said().get(0).probability()).isNaN();
        }
    }

    @Test
    void aRetiredLabelHasNoGradient() {
        Autograd.record(true);
        try (PtNDManager manager = TestDevice.newManager()) {
            PtNDArray bias =
                    Tensors.leaf(manager, floats(manager, new float[] {.5f, -1, 0, 30}, 4), 0, 4);
            PtNDArray mask = floats(manager, new float[] {0, 0, RETIRED, 0}, 4);
            PtNDArray outputs = Operations.reshape(Operations.add(bias, mask), 1, 4);

            Answers<Tags> answers = TASK.answers(outputs, List.of(TEXT), List.of(rows(0)));
            Autograd.backward(Operations.sum(answers.losses()), manager);

            float[] gradient = Tensors.gradient(bias, manager).toFloatArray();
            assertThat(gradient[0]).isCloseTo((sigmoid(.5) - 1) / 3, within(1e-6f));
            assertThat(gradient[1]).isCloseTo(sigmoid(-1) / 3, within(1e-6f));
            assertThat(gradient[2]).isZero();
            assertThat(gradient[3]).isCloseTo(1 / 3f, within(1e-6f));
            assertThat(answers.losses().getFloat(0)).isFinite();
        } finally {
            Autograd.record(false);
        }
    }

    private static float sigmoid(double x) {
        return (float) (1 / (1 + Math.exp(-x)));
    }

    @Test
    void tellsTheSameLossOfOutputsAlone() {
        float loss =
                TASK.loss(
                        new float[] {0, (float) Math.log(3), -2},
                        TEXT,
                        List.of("refund", "broken", "late"),
                        list("refund"));

        double none = Math.log(2) - Math.log(.25) + Math.log1p(Math.exp(-2));
        assertThat((double) loss).isCloseTo(none / 3, within(1e-6));
    }

    @ParameterizedTest
    @ValueSource(floats = {-1e30f, -100, 100, 1e30f})
    void aLossIsFiniteHoweverSureAnAnswerIs(float output) {
        assertThat(TASK.loss(new float[] {output}, TEXT, List.of("late"), list())).isFinite();
        assertThat(TASK.loss(new float[] {output}, TEXT, List.of("late"), list("late"))).isFinite();
    }

    @Test
    void saysEveryLabelFromTheThresholdOn() {
        List<String> labels = List.of("refund", "broken", "late");
        float[] outputs = {0, (float) Math.log(.4 / .6), -3};

        assertThat(TASK.said(outputs, TEXT, labels)).isEqualTo(list("refund"));
        assertThat(new MultiLabel(.39).said(outputs, TEXT, labels))
                .isEqualTo(list("broken", "refund"));
        assertThat(new MultiLabel(.6).said(outputs, TEXT, labels)).isEqualTo(list());
    }

    @Test
    void probabilitiesAreEachLabelsOwn() {
        assertThat(
                        TASK.probabilities(
                                new float[] {0, (float) Math.log(3)}, List.of("refund", "late")))
                .containsExactly(Map.entry("refund", .5f), Map.entry("late", .75f));
    }

    static Stream<List<Object>> learned() {
        return Stream.of(
                List.of(list("late", "refund"), rows(0, 3)),
                List.of(list(), rows()),
                List.of(new Target.Label("broken"), rows(1)));
    }

    @ParameterizedTest
    @MethodSource("learned")
    void learnsAListOfLabelsInUseOrOneAlone(List<Object> row) {
        assertThat(TASK.fit((Target) row.get(0), "tickets", LABELS))
                .isEqualTo(new Fit.Ready<>(row.get(1)));
    }

    static Stream<List<Object>> refused() {
        return Stream.of(
                List.of(
                        list("late", "milk"),
                        Fit.Reason.UNKNOWN_LABEL,
                        "label 'milk' of adapter 'tickets' is unknown, expected one of 'refund', 'broken', 'late'"),
                List.of(
                        list("eggs"),
                        Fit.Reason.RETIRED_LABEL,
                        "label 'eggs' of adapter 'tickets' is retired"),
                List.of(
                        new Target.Label("eggs"),
                        Fit.Reason.RETIRED_LABEL,
                        "label 'eggs' of adapter 'tickets' is retired"),
                List.of(
                        list("late", "late"),
                        Fit.Reason.NO_LABEL,
                        "the list [late, late] has 'late' twice, but adapter 'tickets' learns which of the labels 'refund', 'broken', 'late' a text has, each once"),
                List.of(
                        new Target.Numeric(3),
                        Fit.Reason.NO_LABEL,
                        "the number 3 is no list of labels, but adapter 'tickets'"),
                List.of(
                        new Target.Span(1, 2, "late"),
                        Fit.Reason.NO_LABEL,
                        "the span 1 to 2 late is no list of labels"),
                List.of(
                        new Target.Several(List.of(new Target.Span(1, 2))),
                        Fit.Reason.NO_LABEL,
                        "the list [1 to 2] is no list of labels"));
    }

    @ParameterizedTest
    @MethodSource("refused")
    void refusesWhatIsNoListOfItsLabels(List<Object> row) {
        assertThat(TASK.fit((Target) row.get(0), "tickets", LABELS).refusal())
                .hasValueSatisfying(
                        refused -> {
                            assertThat(refused.reason()).isEqualTo(row.get(1));
                            assertThat(refused.message()).contains((String) row.get(2));
                        });
    }

    @Test
    void tellsAListEvenOfOneLabel() {
        assertThat(TASK.told(rows(1), LABELS)).isEqualTo(list("broken"));
        assertThat(TASK.told(rows(), LABELS)).isEqualTo(list());
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 1, -.5, 7, Double.NaN})
    void hasAThresholdBetweenNoneAndAll(double threshold) {
        assertThatThrownBy(() -> new MultiLabel(threshold))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("expected a number between 0 and 1");
    }

    @Test
    void isSpelledWithItsThreshold() {
        assertThat(Tasks.spelled(new MultiLabel(.3)))
                .isEqualTo("multi-label-classification threshold=0.3");
        assertThat(Tasks.ofSpelled("multi-label-classification threshold=0.3"))
                .isEqualTo(new MultiLabel(.3));
        for (var task : Tasks.ALL) {
            assertThat(Tasks.ofSpelled(Tasks.spelled(task))).isEqualTo(task);
        }
    }

    @Test
    void aNewLabelIsAsUnlikelyAsOneThatNoExampleHad() {
        assertThat(TASK.biasOfNew(new double[] {2, 3}, 0)).isZero();
        assertThat(sigmoid(TASK.biasOfNew(new double[] {2, 3}, 98))).isCloseTo(.01f, within(1e-6f));
    }
}
