package io.rankstream.adapters.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.rankstream.adapters.adalora.StreamingBudgetSchedule;
import io.rankstream.adapters.engine.TestDevice;
import io.rankstream.adapters.method.Method;
import io.rankstream.adapters.method.OrthogonalityPenalty;
import io.rankstream.adapters.model.bert.PoisonedBert;
import io.rankstream.adapters.replay.ReplaySettings;
import io.rankstream.adapters.settings.TrainingTemplate;
import io.rankstream.adapters.state.AdapterState;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Adapters that share passes learn what each would have learned alone. */
class BundleTest {

    /** What rounding may make of a loss in thirty steps. */
    private static final double TOLERANCE = 1e-4;

    private static final TrainingTemplate PRUNING =
            TinyLearner.template(new StreamingBudgetSchedule(3, 6, 2, 2), .1, 0);

    private static Learner learner;
    private static Learner poisoned;

    @BeforeAll
    static void open(@TempDir Path directory) throws IOException {
        learner = TinyLearner.open(directory.resolve("clean"));
        poisoned =
                Learner.open(
                        PoisonedBert.writeTo(directory.resolve("poisoned")), 1, TestDevice.get());
    }

    @AfterAll
    static void close() {
        learner.close();
        poisoned.close();
    }

    @Test
    void hasTheLossCurvesOfOneAtATime() {
        assertSameCurves(templates(PRUNING, PRUNING, PRUNING, PRUNING), 30);
    }

    @Test
    void takesAdaptersOfOtherModulesAndRanksInTheSameCall() {
        TrainingTemplate some =
                TinyLearner.with(PRUNING, Method.ADALORA, List.of("value", "output.dense"), 0);
        TrainingTemplate head = TinyLearner.with(PRUNING, Method.HEAD, List.of(), 0);
        assertSameCurves(templates(PRUNING, some, PRUNING, head, some, head), 10);
    }

    @Test
    void accumulatesOverThePassesThatEachAdapterWants() {
        TrainingTemplate inPasses =
                TinyLearner.with(PRUNING, PRUNING.method(), PRUNING.targetModules(), 2);
        assertSameCurves(templates(inPasses, PRUNING, inPasses), 10);
    }

    @Test
    void eachAdapterLearnsFromItsOwnKeptExamples() {
        TrainingTemplate replaying =
                PRUNING.toBuilder()
                        .replay(new ReplaySettings(.5, ReplaySettings.FEWEST_BYTES))
                        .build();
        TrainingTemplate inPasses = replaying.toBuilder().examplesPerPass(2).build();
        assertSameCurves(templates(replaying, PRUNING, inPasses), 10);
    }

    @Test
    void leavesDropoutToEachAdaptersOwnSeed() {
        TrainingTemplate dropping =
                TinyLearner.template(new StreamingBudgetSchedule(3, 6, 2, 2), .1, .3);
        List<ResidentAdapter> together = admit(learner, templates(dropping, dropping), "d");
        List<ResidentAdapter> alone = admit(learner, templates(dropping, dropping), "d");
        for (int step = 0; step < 5; step++) {
            List<List<TrainingExample>> batches = batches(step, 2);
            learner.train(bundle(together, batches));
            for (int i = 0; i < 2; i++) {
                alone.get(i).train(batches.get(i));
            }
        }
        for (int i = 0; i < 2; i++) {
            assertThat(together.get(i).capture()).isEqualTo(alone.get(i).capture());
        }
        close(together);
        close(alone);
    }

    @Test
    void refusesAnAdaptersPoisonAndNothingOfItsNeighbours() {
        TrainingTemplate template =
                TinyLearner.penalized(
                        new OrthogonalityPenalty(.1, OrthogonalityPenalty.Form.MEAN_NORM));
        List<ResidentAdapter> together =
                admit(poisoned, templates(template, template, template), "p");
        List<ResidentAdapter> clean = admit(poisoned, templates(template, template), "p");
        List<List<TrainingExample>> batches = batches(0, 3);
        List<TrainingExample> bad =
                List.of(
                        TinyLearner.example(new int[] {2, PoisonedBert.POISON, 3}, 0),
                        batches.get(1).get(0));
        AdapterState untouched = together.get(2).capture();

        List<StepOutcome> outcomes =
                poisoned.train(bundle(together, List.of(batches.get(0), bad, List.of(bad.get(0)))));

        assertThat(outcomes.get(0).refusals()).isEmpty();
        assertThat(outcomes.get(1).trained()).containsExactly(1);
        assertThat(outcomes.get(1).refusals())
                .extracting(StepOutcome.Refusal::index)
                .containsExactly(0);
        assertThat(outcomes.get(2).report()).isEmpty();
        assertThat(together.get(2).capture()).isEqualTo(untouched);
        clean.get(0).train(batches.get(0));
        clean.get(1).train(List.of(bad.get(1)));
        for (int i = 0; i < 2; i++) {
            assertClose(together.get(i).capture(), clean.get(i).capture());
        }
        close(together);
        close(clean);
    }

    @Test
    void saysOfTextsWhatEachAdapterSaysAloneAndChangesNone() {
        TrainingTemplate dropping =
                TinyLearner.template(new StreamingBudgetSchedule(3, 6, 2, 2), .1, .3);
        TrainingTemplate head = TinyLearner.headOfRank(PRUNING, 4);
        List<ResidentAdapter> adapters =
                admit(learner, templates(PRUNING, dropping, head, PRUNING), "q");
        adapters.forEach(adapter -> adapter.train(batches(0, 1).get(0)));
        List<AdapterState> before = adapters.stream().map(ResidentAdapter::capture).toList();
        List<TextBatch> texts = new ArrayList<>();
        for (int i = 0; i < adapters.size(); i++) {
            texts.add(
                    new TextBatch(
                            adapters.get(i),
                            batches(7 + i, 1).get(0).stream()
                                    .map(TrainingExample::tokens)
                                    .toList()));
        }
        int shared = learner.tensors();

        List<float[][]> together = learner.logits(texts);

        for (int i = 0; i < adapters.size(); i++) {
            float[][] alone = adapters.get(i).logitsOf(texts.get(i).texts());
            for (int j = 0; j < alone.length; j++) {
                assertThat(together.get(i)[j]).containsExactly(alone[j], within(1e-5f));
            }
            assertThat(adapters.get(i).capture()).isEqualTo(before.get(i));
        }
        assertThat(learner.tensors()).isEqualTo(shared);
        close(adapters);
    }

    @Test
    void leavesNoTensorBehind() {
        List<ResidentAdapter> adapters = admit(learner, templates(PRUNING, PRUNING, PRUNING), "m");
        learner.train(bundle(adapters, batches(0, 3)));
        int shared = learner.tensors();
        int owned = adapters.get(0).tensors();
        for (int step = 1; step < 50; step++) {
            learner.train(bundle(adapters, batches(step, 3)));
        }
        assertThat(learner.tensors()).isEqualTo(shared);
        assertThat(adapters.get(0).tensors()).isEqualTo(owned);
        close(adapters);
    }

    @Test
    void hasOneMicroBatchOfAnAdapter() {
        List<ResidentAdapter> adapters = admit(learner, templates(PRUNING), "twice");
        List<AdapterBatch> twice = bundle(List.of(adapters.get(0), adapters.get(0)), batches(0, 2));
        assertThatThrownBy(() -> learner.train(twice))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("one adapter");
        close(adapters);
    }

    private static void assertSameCurves(List<TrainingTemplate> templates, int steps) {
        List<ResidentAdapter> together = admit(learner, templates, "c");
        List<ResidentAdapter> alone = admit(learner, templates, "c");
        for (int step = 0; step < steps; step++) {
            List<List<TrainingExample>> batches = batches(step, templates.size());
            List<StepOutcome> outcomes = learner.train(bundle(together, batches));
            for (int i = 0; i < templates.size(); i++) {
                StepReport expected = alone.get(i).train(batches.get(i)).report().orElseThrow();
                StepReport found = outcomes.get(i).report().orElseThrow();
                assertThat((double) found.taskLoss())
                        .as("step %d of adapter %d", step, i)
                        .isCloseTo(expected.taskLoss(), within(TOLERANCE));
                assertThat(found.liveRanks()).isEqualTo(expected.liveRanks());
                assertThat(found.tokens()).isEqualTo(expected.tokens());
            }
        }
        close(together);
        close(alone);
    }

    private static void assertClose(AdapterState found, AdapterState expected) {
        float[] values = expected.triplets().values();
        for (int i = 0; i < values.length; i++) {
            assertThat((double) found.triplets().values()[i])
                    .isCloseTo(values[i], within(TOLERANCE));
        }
        assertThat(found.meta().score()).isEqualTo(expected.meta().score());
    }

    private static List<TrainingTemplate> templates(TrainingTemplate... templates) {
        return List.of(templates);
    }

    private static List<ResidentAdapter> admit(
            Learner learner, List<TrainingTemplate> templates, String prefix) {
        List<ResidentAdapter> adapters = new ArrayList<>();
        for (int i = 0; i < templates.size(); i++) {
            TrainingTemplate template = templates.get(i);
            adapters.add(learner.admit(learner.create(prefix + i, template), template));
        }
        return adapters;
    }

    /** Micro-batches of one example, two, three and so on. */
    private static List<List<TrainingExample>> batches(long step, int adapters) {
        List<List<TrainingExample>> batches = new ArrayList<>();
        for (int i = 0; i < adapters; i++) {
            batches.add(TinyLearner.examples(100 * step + i, 1 + i));
        }
        return batches;
    }

    private static List<AdapterBatch> bundle(
            List<ResidentAdapter> adapters, List<List<TrainingExample>> batches) {
        List<AdapterBatch> bundle = new ArrayList<>();
        for (int i = 0; i < adapters.size(); i++) {
            bundle.add(new AdapterBatch(adapters.get(i), batches.get(i)));
        }
        return bundle;
    }

    private static void close(List<ResidentAdapter> adapters) {
        adapters.forEach(ResidentAdapter::close);
    }
}
