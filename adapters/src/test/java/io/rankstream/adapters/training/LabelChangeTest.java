package io.rankstream.adapters.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.rankstream.adapters.adalora.StreamingBudgetSchedule;
import io.rankstream.adapters.settings.AdapterMismatchException;
import io.rankstream.adapters.settings.TrainingTemplate;
import io.rankstream.adapters.snapshot.AdapterSnapshot;
import io.rankstream.adapters.state.AdapterMeta;
import io.rankstream.adapters.state.AdapterState;
import io.rankstream.adapters.state.HeadState;
import io.rankstream.adapters.state.LabelSet;
import io.rankstream.adapters.state.MomentState;
import io.rankstream.adapters.task.Target;
import io.rankstream.adapters.task.classification.PrequentialScore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** An adapter whose labels change while it learns. */
class LabelChangeTest {

    private static final int BATCH = 8;
    private static final Target TOP = new Target.Label("top");
    private static final int HIGH = TinyLearner.LABELS.indexOf("high");

    private static final TrainingTemplate TEMPLATE =
            TinyLearner.template(new StreamingBudgetSchedule(3, 6, 2, 2), .1, 0);

    private static Learner learner;

    @BeforeAll
    static void open(@TempDir Path directory) throws IOException {
        learner = TinyLearner.open(directory);
    }

    @AfterAll
    static void close() {
        learner.close();
    }

    /** Changes by the configuration, from {@link TinyLearner#LABELS}. */
    static Stream<List<String>> configurations() {
        return Stream.of(
                List.of("middle", "low", "high"),
                List.of("low", "high", "middle", "top"),
                List.of("top", "low", "bottom", "high", "middle"),
                List.of("low", "middle"),
                List.of("high", "top"),
                List.of("low", "high", "center"));
    }

    @ParameterizedTest
    @MethodSource("configurations")
    void leavesEverythingElseBitForBit(List<String> configuration) {
        AdapterState before = trained(9);

        AdapterState after = TinyLearner.withLabels(TEMPLATE, configuration).relabeled(before);

        assertThat(after.triplets()).isEqualTo(before.triplets());
        assertThat(after.importance()).isEqualTo(before.importance());
        assertThat(after.budget()).isEqualTo(before.budget());
        assertThat(after.moments().tripletFirst()).isEqualTo(before.moments().tripletFirst());
        assertThat(after.moments().tripletSecond()).isEqualTo(before.moments().tripletSecond());
        for (String label : before.head().labels().names()) {
            assertThat(row(after, label)).as(label).isEqualTo(row(before, label));
        }
        assertThat(after.head().labels().active())
                .containsExactlyInAnyOrderElementsOf(configuration);
        for (String label : configuration) {
            if (!TinyLearner.LABELS.contains(label)) {
                Row fresh = row(after, label);
                assertThat(fresh.weight()).containsOnly(0);
                assertThat(fresh.firstMoments()).containsOnly(0);
                assertThat(fresh.secondMoments()).containsOnly(0);
                assertThat(fresh.count()).isZero();
            }
        }
    }

    @ParameterizedTest
    @MethodSource("configurations")
    void outlivesASnapshotAndTheDevice(List<String> configuration) throws IOException {
        TrainingTemplate other = TinyLearner.withLabels(TEMPLATE, configuration);
        AdapterState relabeled = other.relabeled(trained(5));

        try (ResidentAdapter adapter = learner.admit(relabeled, other)) {
            assertThat(adapter.capture()).isEqualTo(relabeled);
        }
        assertThat(AdapterSnapshot.parse(AdapterSnapshot.of(relabeled), "test"))
                .isEqualTo(relabeled);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4, 40})
    void neverPredictsANewLabelBeforeItsFirstExample(int steps) {
        AdapterState grown = withLabels(trained(steps), "low", "high", "middle", "top");

        try (ResidentAdapter adapter = learner.admit(grown, TEMPLATE)) {
            float[][] logits = adapter.logits(texts(500, 64));
            for (float[] row : logits) {
                float best = Math.max(row[0], Math.max(row[1], row[2]));
                assertThat(row[3]).isLessThan(best);
            }
        }
    }

    @Test
    void givesANewLabelOfAnAdapterThatHasLearnedNothingTheChanceOfTheOthers() {
        AdapterState grown =
                withLabels(learner.create("tickets", TEMPLATE), "low", "high", "middle", "top");

        assertThat(grown.head().bias()).containsOnly(0);
    }

    @Test
    void learnsToPredictANewLabel() {
        AdapterState grown = withLabels(trained(40), "low", "high", "middle", "top");

        try (ResidentAdapter adapter = learner.admit(grown, TEMPLATE)) {
            for (int i = 0; i < 100; i++) {
                adapter.train(highAreTop(TinyLearner.examples(1000 + i, BATCH)));
            }
            List<TrainingExample> test = highAreTop(TinyLearner.examples(5000, 60));
            List<Prediction> predictions = adapter.train(test).predictions();
            long right =
                    IntStream.range(0, test.size())
                            .filter(i -> test.get(i).target().equals(TOP))
                            .filter(i -> predictions.get(i).said().equals(TOP))
                            .count();
            long all = test.stream().filter(example -> example.target().equals(TOP)).count();
            assertThat(right).isGreaterThan(all / 2);
        }
    }

    @Test
    void takesTheFirstStepOfANewRowAsTheFirst() {
        TrainingTemplate plain = TinyLearner.plain();
        AdapterState grown;
        try (ResidentAdapter adapter = learner.admit(learner.create("tickets", plain), plain)) {
            for (int i = 0; i < 30; i++) {
                adapter.train(TinyLearner.examples(i, BATCH));
            }
            grown = withLabels(adapter.capture(), "low", "high", "middle", "top");
        }
        try (ResidentAdapter adapter = learner.admit(grown, plain)) {
            adapter.train(highAreTop(TinyLearner.examples(77, BATCH)));
            Row after = row(adapter.capture(), "top");
            double rate = plain.optimizer().headLearningRate();
            for (float weight : after.weight()) {
                // AdamW moves by the rate in its first step; by 3.2 times as much later on,
                // where moments of zero were taken for those of 30 steps
                assertThat((double) Math.abs(weight)).isCloseTo(rate, within(rate * 1e-2));
            }
        }
    }

    @Test
    void neitherPredictsNorTrainsARetiredLabel() {
        AdapterState retired = withLabels(trained(40), "low", "middle");
        Row before = row(retired, "high");

        try (ResidentAdapter adapter = learner.admit(retired, TEMPLATE)) {
            for (int i = 0; i < 10; i++) {
                List<TrainingExample> others =
                        TinyLearner.examples(i, 3 * BATCH).stream()
                                .filter(example -> TinyLearner.label(example.target()) != HIGH)
                                .toList();
                StepOutcome outcome = adapter.train(others);
                assertThat(outcome.report()).isPresent();
                assertThat(outcome.predictions())
                        .extracting(Prediction::said)
                        .doesNotContain(new Target.Label("high"));
            }
            AdapterState after = adapter.capture();
            assertThat(row(after, "high")).isEqualTo(before);
            assertThat(after.head().labels().rows().get(HIGH).idle()).isEqualTo(10);
            assertThat(adapter.logits(texts(1, 2))[0]).hasSize(2);
        }
    }

    @Test
    void trainsTheOthersAsIfTheRetiredRowWereNotThere() {
        AdapterState retired = withLabels(trained(12), "low", "middle");
        AdapterState without = withoutRow(retired, HIGH);
        List<TrainingExample> examples =
                TinyLearner.examples(3, 3 * BATCH).stream()
                        .filter(example -> TinyLearner.label(example.target()) == 0)
                        .toList();

        try (ResidentAdapter one = learner.admit(retired, TEMPLATE);
                ResidentAdapter other = learner.admit(without, TEMPLATE)) {
            assertThat(one.train(examples).report().orElseThrow().taskLoss())
                    .isCloseTo(
                            other.train(examples).report().orElseThrow().taskLoss(), within(1e-6f));
            float[] left = row(one.capture(), "middle").weight();
            float[] right = row(other.capture(), "middle").weight();
            for (int i = 0; i < left.length; i++) {
                assertThat(left[i]).isCloseTo(right[i], within(1e-6f));
            }
        }
    }

    @Test
    void letsARetiredLabelComeBackWithWhatItKnew() {
        AdapterState trained = trained(20);
        AdapterState back =
                withLabels(withLabels(trained, "low", "middle"), "low", "high", "middle");

        assertThat(back.head().weight()).isEqualTo(trained.head().weight());
        assertThat(back.head().labels().revision()).isEqualTo(3);
        try (ResidentAdapter one = learner.admit(trained, TEMPLATE);
                ResidentAdapter other = learner.admit(back, TEMPLATE)) {
            one.train(TinyLearner.examples(4, BATCH));
            other.train(TinyLearner.examples(4, BATCH));
            assertThat(other.capture().head().weight()).isEqualTo(one.capture().head().weight());
        }
    }

    @Test
    void sharesPassesWithAdaptersOfOtherLabels() {
        AdapterState grown = withLabels(trained(9), "low", "high", "middle", "top");
        AdapterState shrunk = withLabels(trained(9), "low", "middle").withId("other");
        List<TrainingExample> examples =
                TinyLearner.examples(2, 3 * BATCH).stream()
                        .filter(example -> TinyLearner.label(example.target()) != HIGH)
                        .toList();
        try (ResidentAdapter one = learner.admit(grown, TEMPLATE);
                ResidentAdapter other = learner.admit(shrunk, TEMPLATE)) {
            List<StepOutcome> outcomes =
                    learner.train(
                            List.of(
                                    new AdapterBatch(one, examples),
                                    new AdapterBatch(other, examples)));
            assertThat(outcomes).allMatch(outcome -> outcome.report().isPresent());
            assertThat(outcomes.get(1).predictions())
                    .extracting(Prediction::said)
                    .doesNotContain(new Target.Label("high"));
        }
    }

    @Test
    void isRefusedWhereFewerThanTwoLabelsWouldBeLeft() {
        AdapterState trained = trained(1);
        AdapterState commanded =
                trained.withLabels(trained.head().labels().without(List.of("high")));
        TrainingTemplate template = TinyLearner.withLabels(TEMPLATE, List.of("low", "high"));

        assertThatThrownBy(() -> template.relabeled(commanded))
                .isInstanceOf(AdapterMismatchException.class)
                .hasMessageContaining("fewer than two");
    }

    private static AdapterState trained(int steps) {
        try (ResidentAdapter adapter =
                learner.admit(learner.create("tickets", TEMPLATE), TEMPLATE)) {
            for (int i = 0; i < steps; i++) {
                adapter.train(TinyLearner.examples(i, BATCH));
            }
            return adapter.capture();
        }
    }

    private static AdapterState withLabels(AdapterState state, String... configuration) {
        return TinyLearner.withLabels(TEMPLATE, List.of(configuration)).relabeled(state);
    }

    private static AdapterState withoutRow(AdapterState state, int row) {
        HeadState active = state.head().active();
        int labels = state.head().bias().length;
        return new AdapterState(
                new AdapterMeta(
                        "tickets",
                        state.meta().baseModel(),
                        state.meta().seed(),
                        state.meta().step(),
                        0,
                        0,
                        0,
                        PrequentialScore.empty(labels - 1)),
                state.triplets(),
                new MomentState(
                        state.moments().tripletFirst(),
                        state.moments().tripletSecond(),
                        withoutRow(state.moments().headFirst(), labels, active.hidden(), row),
                        withoutRow(state.moments().headSecond(), labels, active.hidden(), row)),
                state.importance(),
                state.budget(),
                new HeadState(
                        active.labels().names(),
                        active.pooling(),
                        active.hidden(),
                        active.weight(),
                        active.bias()));
    }

    private static float[] withoutRow(float[] head, int labels, int hidden, int row) {
        float[] result = new float[(labels - 1) * (hidden + 1)];
        int next = 0;
        for (int i = 0; i < head.length; i++) {
            int of = i < labels * hidden ? i / hidden : i - labels * hidden;
            if (of != row) {
                result[next++] = head[i];
            }
        }
        return result;
    }

    private static List<TrainingExample> highAreTop(List<TrainingExample> examples) {
        return examples.stream()
                .map(
                        example ->
                                TinyLearner.label(example.target()) == HIGH
                                        ? new TrainingExample(example.tokenIds(), TOP, false)
                                        : example)
                .toList();
    }

    private static List<int[]> texts(long seed, int count) {
        return TinyLearner.examples(seed, count).stream().map(TrainingExample::tokenIds).toList();
    }

    private record Row(
            List<Float> weights, float bias, List<Float> firsts, List<Float> seconds, long count) {

        float[] weight() {
            return floats(weights);
        }

        float[] firstMoments() {
            return floats(firsts);
        }

        float[] secondMoments() {
            return floats(seconds);
        }

        private static float[] floats(List<Float> values) {
            float[] floats = new float[values.size()];
            for (int i = 0; i < floats.length; i++) {
                floats[i] = values.get(i);
            }
            return floats;
        }
    }

    private static Row row(AdapterState state, String label) {
        HeadState head = state.head();
        LabelSet labels = head.labels();
        int row = labels.indexOf(label);
        int hidden = head.hidden();
        return new Row(
                list(head.weight(), row * hidden, hidden),
                head.bias()[row],
                list(state.moments().headFirst(), row * hidden, hidden),
                list(state.moments().headSecond(), row * hidden, hidden),
                state.meta().score().labelCounts()[row]);
    }

    private static List<Float> list(float[] values, int from, int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> Arrays.copyOfRange(values, from, from + count)[i])
                .toList();
    }
}
