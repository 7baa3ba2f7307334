package io.rankstream.adapters.training;

import static org.assertj.core.api.Assertions.assertThat;

import io.rankstream.adapters.adalora.StreamingBudgetSchedule;
import io.rankstream.adapters.settings.TrainingTemplate;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every tensor has an owner: what a step makes is gone when it ends. */
class NativeMemoryTest {

    private static final int STEPS = 1000;

    @Test
    void doesNotGrowWithSteps(@TempDir Path directory) throws Exception {
        assertFlatOver(STEPS, directory);
    }

    @Test
    @Tag("nightly")
    void doesNotGrowWithManySteps(@TempDir Path directory) throws Exception {
        assertFlatOver(20 * STEPS, directory);
    }

    /** Products of many rows are computed another way. */
    @Test
    void doesNotGrowWithLargeSteps(@TempDir Path directory) throws Exception {
        assertFlatOver(5, 300, directory);
    }

    private static void assertFlatOver(int steps, Path directory) throws Exception {
        assertFlatOver(steps, 4, directory);
    }

    private static void assertFlatOver(int steps, int batch, Path directory) throws Exception {
        TrainingTemplate template =
                TinyLearner.template(new StreamingBudgetSchedule(3, 6, 2, 2), .1, .1);
        try (Learner learner = TinyLearner.open(directory);
                ResidentAdapter adapter = learner.admit(learner.create("a", template), template)) {
            adapter.train(TinyLearner.examples(0, batch));
            int owned = adapter.tensors();
            int shared = learner.tensors();
            for (int step = 1; step <= steps; step++) {
                adapter.train(TinyLearner.examples(step, batch));
                adapter.capture();
            }
            assertThat(adapter.tensors()).isEqualTo(owned);
            assertThat(learner.tensors()).isEqualTo(shared);
        }
    }

    @Test
    void isGivenBackWithTheAdapter(@TempDir Path directory) throws Exception {
        TrainingTemplate template = TinyLearner.plain();
        try (Learner learner = TinyLearner.open(directory)) {
            int tensors = learner.tensors();
            for (int i = 0; i < 20; i++) {
                try (ResidentAdapter adapter =
                        learner.admit(learner.create("a" + i, template), template)) {
                    adapter.train(TinyLearner.examples(i, 4));
                }
            }
            assertThat(learner.tensors()).isEqualTo(tensors);
        }
    }
}
