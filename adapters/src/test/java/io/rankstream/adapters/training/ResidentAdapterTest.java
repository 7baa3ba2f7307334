package io.rankstream.adapters.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.rankstream.adapters.adalora.FiniteBudgetSchedule;
import io.rankstream.adapters.adalora.StreamingBudgetSchedule;
import io.rankstream.adapters.adalora.TripletLayout;
import io.rankstream.adapters.method.Method;
import io.rankstream.adapters.settings.AdapterMismatchException;
import io.rankstream.adapters.settings.TrainingTemplate;
import io.rankstream.adapters.state.AdapterMeta;
import io.rankstream.adapters.state.AdapterState;
import io.rankstream.adapters.state.BaseModel;
import io.rankstream.adapters.state.BudgetState;
import io.rankstream.adapters.state.HeadState;
import io.rankstream.adapters.state.ImportanceState;
import io.rankstream.adapters.state.TripletState;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResidentAdapterTest {

    private static final int BATCH = 8;

    private static Learner learner;

    @BeforeAll
    static void open(@TempDir Path directory) throws IOException {
        learner = TinyLearner.open(directory);
    }

    @AfterAll
    static void close() {
        learner.close();
    }

    private static ResidentAdapter admit(TrainingTemplate template) {
        return learner.admit(learner.create("tickets", template), template);
    }

    private static StepReport step(ResidentAdapter adapter, long number) {
        return adapter.train(TinyLearner.examples(number, BATCH)).report().orElseThrow();
    }

    @Nested
    class Logits {

        @Test
        void areThoseThatTrainingPredictsFrom() {
            List<TrainingExample> batch = TinyLearner.examples(3, BATCH);
            try (ResidentAdapter adapter = admit(TinyLearner.unmixed(TinyLearner.plain()))) {
                step(adapter, 0);
                float[][] logits =
                        adapter.logits(batch.stream().map(TrainingExample::tokenIds).toList());
                List<Prediction> predictions = adapter.train(batch).predictions();
                for (int i = 0; i < BATCH; i++) {
                    double sum = 0;
                    for (float logit : logits[i]) {
                        sum += Math.exp(logit);
                    }
                    double loss =
                            Math.log(sum) - logits[i][TinyLearner.label(batch.get(i).target())];
                    assertThat((double) predictions.get(i).loss()).isCloseTo(loss, within(1e-5));
                }
            }
        }

        @Test
        void knowNoDropoutAndChangeNothing() {
            TrainingTemplate dropping =
                    TinyLearner.template(new StreamingBudgetSchedule(1000, 0, 1, 2), .1, .5);
            List<int[]> texts =
                    TinyLearner.examples(3, BATCH).stream().map(TrainingExample::tokenIds).toList();
            try (ResidentAdapter adapter = admit(dropping)) {
                step(adapter, 0);
                AdapterState before = adapter.capture();
                assertThat(adapter.logits(texts)).isDeepEqualTo(adapter.logits(texts));
                assertThat(adapter.capture()).isEqualTo(before);
            }
        }
    }

    @Nested
    class ATrainingStep {

        @Test
        void learns() {
            try (ResidentAdapter adapter = admit(TinyLearner.plain())) {
                for (int i = 0; i < 300; i++) {
                    step(adapter, i);
                }
                Map<String, Double> metrics = adapter.meta().score().metrics();
                assertThat(metrics.get("recentAccuracy"))
                        .isGreaterThan(metrics.get("majorityAccuracy") + .2);
            }
        }

        @Test
        void movesOnlyTheSingularValuesAndTheHeadAtFirst() {
            AdapterState before = learner.create("tickets", TinyLearner.plain());
            try (ResidentAdapter adapter = learner.admit(before, TinyLearner.plain())) {
                step(adapter, 0);
                AdapterState after = adapter.capture();
                TripletLayout layout = before.triplets().layout();
                for (int k = 0; k < layout.modules().size(); k++) {
                    assertThat(after.triplets().values()[layout.offsetA(k)])
                            .isEqualTo(before.triplets().values()[layout.offsetA(k)]);
                    assertThat(after.triplets().values()[layout.offsetE(k)]).isNotZero();
                }
                assertThat(after.head()).isNotEqualTo(before.head());
            }
        }

        @Test
        void takesImportanceFromTheNewParametersAndTheGradientOfTheStep() {
            try (ResidentAdapter adapter = admit(TinyLearner.plain())) {
                step(adapter, 0);
                AdapterState after = adapter.capture();
                float[] moment = after.moments().tripletFirst();
                float[] values = after.triplets().values();
                for (int i = 0; i < values.length; i += 7) {
                    double gradient = moment[i] / .1;
                    double expected = .15 * Math.abs(values[i] * gradient);
                    assertThat((double) after.importance().sensitivity()[i])
                            .isCloseTo(expected, within(1e-4 * expected + 1e-9));
                }
            }
        }

        @Test
        void predictsBeforeItLearns() {
            List<TrainingExample> batch = TinyLearner.examples(3, BATCH);
            try (ResidentAdapter once = admit(TinyLearner.plain());
                    ResidentAdapter twice = admit(TinyLearner.plain())) {
                twice.train(batch);
                double before = once.train(batch).report().orElseThrow().taskLoss();
                double after = twice.train(batch).report().orElseThrow().taskLoss();
                assertThat(before).isCloseTo(Math.log(3), within(.1));
                assertThat(after).isLessThan(before);
            }
        }

        @Test
        void clipsTheGradientToTheGlobalNorm() {
            TrainingTemplate clipping = TinyLearner.clipped(1e-3);
            try (ResidentAdapter adapter = admit(clipping)) {
                StepReport report = step(adapter, 0);
                assertThat(report.gradientNorm()).isGreaterThan(1e-3f);
                double squares = 0;
                for (float moment : adapter.capture().moments().tripletFirst()) {
                    squares += Math.pow(moment / .1, 2);
                }
                for (float moment : adapter.capture().moments().headFirst()) {
                    squares += Math.pow(moment / .1, 2);
                }
                assertThat(Math.sqrt(squares)).isCloseTo(1e-3, within(1e-5));
            }
        }
    }

    @Nested
    class TheBudget {

        @Test
        void isMetExactlyAfterEveryMask() {
            TrainingTemplate template =
                    TinyLearner.template(new StreamingBudgetSchedule(5, 20, 3, 2), .1, 0);
            try (ResidentAdapter adapter = admit(template)) {
                for (int i = 0; i < 60; i++) {
                    StepReport report = step(adapter, i);
                    if (report.masked()) {
                        assertThat(live(report)).isEqualTo(report.budget());
                    }
                }
            }
        }

        @Test
        void leavesNoValueInAPrunedTripletAfterAMask() {
            TrainingTemplate template =
                    TinyLearner.template(new StreamingBudgetSchedule(2, 0, 1, 1), .1, 0);
            try (ResidentAdapter adapter = admit(template)) {
                for (int i = 0; i < 10; i++) {
                    step(adapter, i);
                }
                AdapterState state = adapter.capture();
                TripletLayout layout = state.triplets().layout();
                for (int i = 0; i < layout.triplets(); i++) {
                    int module = i / layout.rank();
                    float e = state.triplets().values()[layout.offsetE(module) + i % layout.rank()];
                    assertThat(e != 0).isEqualTo(state.budget().live()[i]);
                }
            }
        }

        @Test
        void revivesWhatAnAdapterWasImportedWithout() {
            AdapterState fresh = learner.create("tickets", TinyLearner.plain());
            boolean[] pruned = fresh.budget().live().clone();
            pruned[0] = false;
            AdapterState imported =
                    new AdapterState(
                            fresh.meta(),
                            fresh.triplets(),
                            fresh.moments(),
                            fresh.importance(),
                            new BudgetState(pruned.length - 1, pruned),
                            fresh.head());
            try (ResidentAdapter adapter = learner.admit(imported, TinyLearner.plain())) {
                step(adapter, 0);
                assertThat(adapter.capture().budget()).isEqualTo(fresh.budget());
            }
        }

        @Test
        void endsAtTheTargetThatWasSetAndAfterARestoreToo() {
            TrainingTemplate template =
                    TinyLearner.template(new StreamingBudgetSchedule(2, 0, 1, 1), .1, 0);
            AdapterState trained;
            try (ResidentAdapter adapter = admit(template)) {
                patterns(adapter, 5);
                int ofSchedule = adapter.budget().liveTriplets();
                adapter.setBudgetTarget(ofSchedule + 1);
                patterns(adapter, 1);
                assertThat(adapter.budget().budget()).isEqualTo(ofSchedule + 1);
                assertThat(adapter.budget().liveTriplets()).isEqualTo(ofSchedule + 1);
                trained = adapter.capture();
            }
            try (ResidentAdapter adapter = learner.admit(trained, template)) {
                patterns(adapter, 1);
                assertThat(adapter.budget().liveTriplets()).isEqualTo(trained.budget().target());
            }
        }

        @Test
        void keepsMovingInTheSteadyPhase() {
            TrainingTemplate template =
                    TinyLearner.template(new StreamingBudgetSchedule(2, 0, 1, 1), .1, 0);
            try (ResidentAdapter adapter = admit(template)) {
                List<List<Integer>> patterns = patterns(adapter, 40);
                assertThat(patterns.subList(10, 40).stream().distinct().count()).isGreaterThan(1);
            }
        }

        @Test
        void isFixedInTheFinalPhaseOfAFiniteRun() {
            TrainingTemplate template =
                    TinyLearner.template(new FiniteBudgetSchedule(40, 2, 25, 4, 1), .1, 0);
            try (ResidentAdapter adapter = admit(template)) {
                List<List<Integer>> patterns = patterns(adapter, 40);
                assertThat(patterns.subList(15, 40).stream().distinct()).hasSize(1);
            }
        }

        @Test
        void isFixedByTheImportanceOfTheStepBefore() {
            TrainingTemplate template =
                    TinyLearner.template(new FiniteBudgetSchedule(40, 2, 25, 4, 1), .1, 0);
            try (ResidentAdapter adapter = admit(template)) {
                patterns(adapter, 15);
                ImportanceState before = adapter.capture().importance();
                step(adapter, 15);
                assertThat(adapter.capture().importance()).isEqualTo(before);
            }
        }

        private List<List<Integer>> patterns(ResidentAdapter adapter, int steps) {
            List<List<Integer>> patterns = new ArrayList<>();
            for (int i = 0; i < steps; i++) {
                List<Integer> ranks = new ArrayList<>();
                for (int rank : step(adapter, i).liveRanks()) {
                    ranks.add(rank);
                }
                patterns.add(ranks);
            }
            return patterns;
        }

        private static int live(StepReport report) {
            int live = 0;
            for (int rank : report.liveRanks()) {
                live += rank;
            }
            return live;
        }
    }

    @Nested
    class ItsState {

        private final TrainingTemplate template =
                TinyLearner.template(new StreamingBudgetSchedule(3, 6, 2, 2), .1, .2);

        @Test
        void continuesTheSameRunBitForBit() {
            AdapterState uninterrupted;
            AdapterState halfway;
            try (ResidentAdapter adapter = admit(template)) {
                for (int i = 0; i < 7; i++) {
                    step(adapter, i);
                }
                halfway = adapter.capture();
                for (int i = 7; i < 14; i++) {
                    step(adapter, i);
                }
                uninterrupted = adapter.capture();
            }
            try (ResidentAdapter restored = learner.admit(halfway, template)) {
                for (int i = 7; i < 14; i++) {
                    step(restored, i);
                }
                assertThat(restored.capture()).isEqualTo(uninterrupted);
            }
        }

        @Test
        void doesNotDependOnOtherAdapters() {
            AdapterState alone;
            try (ResidentAdapter adapter = admit(template)) {
                step(adapter, 0);
                step(adapter, 1);
                alone = adapter.capture();
            }
            try (ResidentAdapter adapter = admit(template);
                    ResidentAdapter other =
                            learner.admit(learner.create("other", template), template)) {
                step(adapter, 0);
                step(other, 17);
                step(adapter, 1);
                assertThat(adapter.capture()).isEqualTo(alone);
            }
        }

        @Test
        void countsVersions() {
            try (ResidentAdapter adapter = admit(template)) {
                step(adapter, 0);
                assertThat(adapter.takeVersion().meta().version()).isEqualTo(1);
                step(adapter, 1);
                AdapterState second = adapter.takeVersion();
                assertThat(second.meta().version()).isEqualTo(2);
                assertThat(second.meta().publishedStep()).isEqualTo(2);
            }
        }

        @Test
        void isRefusedOnAnotherBaseModel() {
            AdapterState state = learner.create("tickets", template);
            AdapterMeta meta = state.meta();
            AdapterState other =
                    new AdapterState(
                            new AdapterMeta(
                                    meta.adapterId(),
                                    new BaseModel(meta.baseModel().name(), "00ff", "bert"),
                                    meta.seed(),
                                    0,
                                    0,
                                    0,
                                    0,
                                    meta.score()),
                            state.triplets(),
                            state.moments(),
                            state.importance(),
                            state.budget(),
                            state.head());
            assertThatThrownBy(() -> learner.admit(other, template))
                    .isInstanceOf(AdapterMismatchException.class)
                    .hasMessageContaining("base model BaseModel[name=")
                    .hasMessageContaining("sha256=00ff");
        }

        @Test
        void isRefusedWithOtherTargetModules() {
            AdapterState state = learner.create("tickets", template);
            TrainingTemplate other =
                    TinyLearner.with(template, Method.ADALORA, List.of("query"), 0);
            assertThatThrownBy(() -> learner.admit(state, other))
                    .isInstanceOf(AdapterMismatchException.class)
                    .hasMessageContaining("adapted modules");
        }

        @Test
        void isRefusedWithAllThatDiffersAtOnce() {
            AdapterState state = learner.create("tickets", template);
            TrainingTemplate other = TinyLearner.headOfRank(template, 5);
            assertThatThrownBy(() -> learner.admit(state, other))
                    .hasMessageContainingAll("adapted modules", "initial rank 4");
        }
    }

    @Nested
    class WhatIsNotFinite {

        @Test
        void isRefusedWithoutATrace() {
            AdapterState poisoned =
                    withInfiniteHead(learner.create("a", TinyLearner.plain()))
                            .mixing(true)
                            .watched(TinyLearner.plain().drift());
            try (ResidentAdapter adapter = learner.admit(poisoned, TinyLearner.plain())) {
                StepOutcome outcome = adapter.train(TinyLearner.examples(1, 3));
                assertThat(outcome.report()).isEmpty();
                assertThat(outcome.refusals())
                        .extracting(StepOutcome.Refusal::index)
                        .containsExactly(0, 1, 2);
                assertThat(adapter.capture()).isEqualTo(poisoned);
            }
        }

        @Test
        void doesNotKeepTheOthersFromBeingTrained() {
            TrainingTemplate template = TinyLearner.plain();
            List<TrainingExample> good = TinyLearner.examples(1, 3);
            AdapterState clean = withPoisonousLabel(learner.create("a", template));
            TrainingExample poison = TinyLearner.example(good.get(0).tokenIds(), 2);
            List<TrainingExample> harmless =
                    good.stream().map(e -> TinyLearner.example(e.tokenIds(), 0)).toList();
            List<TrainingExample> mixed =
                    List.of(harmless.get(0), poison, harmless.get(1), harmless.get(2));
            try (ResidentAdapter expected = learner.admit(clean, template);
                    ResidentAdapter found = learner.admit(clean, template)) {
                expected.train(harmless);
                StepOutcome outcome = found.train(mixed);
                assertThat(outcome.trained()).containsExactly(0, 2, 3);
                assertThat(outcome.refusals())
                        .extracting(StepOutcome.Refusal::index)
                        .containsExactly(1);
                assertThat(found.capture()).isEqualTo(expected.capture());
            }
        }

        @Test
        void doesNotMatterInTheSumOfLossesAlone() {
            AdapterState state =
                    withBias(
                            learner.create("a", TinyLearner.plain()),
                            new float[] {0, 0, -Float.MAX_VALUE / 2});
            List<TrainingExample> unlikely =
                    TinyLearner.examples(1, 3).stream()
                            .map(e -> TinyLearner.example(e.tokenIds(), 2))
                            .toList();
            try (ResidentAdapter adapter = learner.admit(state, TinyLearner.plain())) {
                StepOutcome outcome = adapter.train(unlikely);
                assertThat(outcome.predictions())
                        .allSatisfy(prediction -> assertThat(prediction.loss()).isFinite());
                assertThat(outcome.report().orElseThrow().taskLoss()).isInfinite();
                assertThat(outcome.trained()).containsExactly(0, 1, 2);
            }
        }

        private static AdapterState withInfiniteHead(AdapterState state) {
            return withBias(state, new float[] {Float.POSITIVE_INFINITY, 0, 0});
        }

        /** The third label's probability is zero in single precision: its loss is infinite. */
        private static AdapterState withPoisonousLabel(AdapterState state) {
            return withBias(state, new float[] {0, 0, Float.NEGATIVE_INFINITY});
        }

        private static AdapterState withBias(AdapterState state, float[] bias) {
            HeadState head = state.head();
            return new AdapterState(
                    state.meta(),
                    new TripletState(
                            state.triplets().layout(),
                            state.triplets().alpha(),
                            state.triplets().values()),
                    state.moments(),
                    state.importance(),
                    state.budget(),
                    new HeadState(
                            head.labels(), head.pooling(), head.hidden(), head.weight(), bias));
        }
    }
}
