package io.rankstream.adapters.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.rankstream.adapters.adalora.StreamingBudgetSchedule;
import io.rankstream.adapters.engine.TestDevice;
import io.rankstream.adapters.model.ModelSource;
import io.rankstream.adapters.model.bert.PoisonedBert;
import io.rankstream.adapters.model.bert.TinyBert;
import io.rankstream.adapters.settings.TrainingTemplate;
import io.rankstream.adapters.state.AdapterState;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Threads that share a step learn what one thread would have learned. */
class SharedStepTest {

    private static final int THREADS = 3;
    private static final int BATCH = 8;
    private static final int STEPS = 20;

    /** What rounding may make of a loss in twenty steps. */
    private static final double TOLERANCE = 1e-4;

    private static final TrainingTemplate PRUNING =
            TinyLearner.template(new StreamingBudgetSchedule(3, 6, 2, 2), .1, 0);

    private static ModelSource model;
    private static ModelSource poisoned;

    private record Run(List<StepOutcome> outcomes, List<AdapterState> states) {}

    @BeforeAll
    static void write(@TempDir Path directory) throws IOException {
        model = TinyBert.small().writeTo(directory.resolve("clean"));
        poisoned = PoisonedBert.writeTo(directory.resolve("poisoned"));
    }

    @Test
    void hasTheLossesOfOneThread() throws IOException {
        assertSame(run(THREADS, PRUNING, 1), run(1, PRUNING, 1));
    }

    @Test
    void hasTheLossesOfOneThreadInPasses() throws IOException {
        TrainingTemplate inPasses =
                TinyLearner.with(PRUNING, PRUNING.method(), PRUNING.targetModules(), 5);
        assertSame(run(THREADS, inPasses, 1), run(1, inPasses, 1));
    }

    @Test
    void hasTheLossesOfOneThreadInABundle() throws IOException {
        assertSame(run(THREADS, PRUNING, 5), run(1, PRUNING, 5));
    }

    @Test
    void isRepeatedBitForBit() throws IOException {
        assertThat(run(THREADS, PRUNING, 1).states()).isEqualTo(run(THREADS, PRUNING, 1).states());
        assertThat(run(THREADS, PRUNING, 5).states()).isEqualTo(run(THREADS, PRUNING, 5).states());
    }

    @Test
    void isRepeatedBitForBitWithDropout() throws IOException {
        TrainingTemplate dropping =
                TinyLearner.template(new StreamingBudgetSchedule(3, 6, 2, 2), .1, .3);
        assertThat(run(THREADS, dropping, 1).states())
                .isEqualTo(run(THREADS, dropping, 1).states());
    }

    @Test
    void refusesWhatOneThreadRefuses() throws IOException {
        List<TrainingExample> mixed = new ArrayList<>(TinyLearner.examples(1, BATCH));
        mixed.set(2, TinyLearner.example(new int[] {2, PoisonedBert.POISON, 3}, 0));
        mixed.set(5, TinyLearner.example(new int[] {2, PoisonedBert.POISON, 3}, 1));
        Function<Learner, StepOutcome> step =
                learner -> {
                    try (ResidentAdapter adapter =
                            learner.admit(learner.create("a", PRUNING), PRUNING)) {
                        return adapter.train(mixed);
                    }
                };
        StepOutcome shared = with(poisoned, THREADS, step);
        assertThat(shared.refusals()).extracting(StepOutcome.Refusal::index).contains(2, 5);
        assertThat(shared.refusals()).isEqualTo(with(poisoned, 1, step).refusals());
    }

    @Test
    void leavesNoTensorBehind() throws IOException {
        List<Integer> counts =
                with(
                        model,
                        THREADS,
                        learner -> {
                            try (ResidentAdapter adapter =
                                    learner.admit(learner.create("a", PRUNING), PRUNING)) {
                                adapter.train(TinyLearner.examples(0, BATCH));
                                int before = learner.tensors() + adapter.tensors();
                                for (int step = 1; step < 50; step++) {
                                    adapter.train(TinyLearner.examples(step, BATCH));
                                }
                                return List.of(before, learner.tensors() + adapter.tensors());
                            }
                        });
        assertThat(counts.get(1)).isEqualTo(counts.get(0));
    }

    private static Run run(int threads, TrainingTemplate template, int adapters)
            throws IOException {
        return with(model, threads, learner -> run(learner, template, adapters));
    }

    private static Run run(Learner learner, TrainingTemplate template, int adapters) {
        List<ResidentAdapter> resident =
                IntStream.range(0, adapters)
                        .mapToObj(i -> learner.admit(learner.create("a" + i, template), template))
                        .toList();
        List<StepOutcome> outcomes = new ArrayList<>();
        for (int step = 0; step < STEPS; step++) {
            int number = step;
            outcomes.addAll(
                    learner.train(
                            IntStream.range(0, adapters)
                                    .mapToObj(i -> batch(resident.get(i), 100L * number + i))
                                    .toList()));
        }
        List<AdapterState> states = resident.stream().map(ResidentAdapter::capture).toList();
        resident.forEach(ResidentAdapter::close);
        return new Run(outcomes, states);
    }

    private static AdapterBatch batch(ResidentAdapter adapter, long seed) {
        return new AdapterBatch(adapter, TinyLearner.examples(seed, BATCH));
    }

    private static <T> T with(ModelSource source, int threads, Function<Learner, T> work)
            throws IOException {
        try (Learner learner = Learner.open(source, threads, TestDevice.get())) {
            return work.apply(learner);
        }
    }

    private static void assertSame(Run found, Run expected) {
        for (int i = 0; i < expected.outcomes().size(); i++) {
            StepOutcome one = expected.outcomes().get(i);
            StepOutcome other = found.outcomes().get(i);
            for (int example = 0; example < BATCH; example++) {
                assertThat((double) other.predictions().get(example).loss())
                        .as("example %d of outcome %d", example, i)
                        .isCloseTo(one.predictions().get(example).loss(), within(TOLERANCE));
            }
            StepReport report = one.report().orElseThrow();
            assertThat((double) other.report().orElseThrow().taskLoss())
                    .isCloseTo(report.taskLoss(), within(TOLERANCE));
            assertThat(other.report().orElseThrow().liveRanks()).isEqualTo(report.liveRanks());
            assertThat(other.report().orElseThrow().tokens()).isEqualTo(report.tokens());
        }
    }
}
