package io.rankstream.adapters.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.rankstream.adapters.engine.ComputeDevice;
import io.rankstream.adapters.engine.DeviceUnavailableException;
import io.rankstream.adapters.model.ModelSource;
import io.rankstream.adapters.model.bert.TinyBert;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LearnerTest {

    @Test
    void aDeviceThatTheEngineLacksIsRefusedAndLeavesNothingBehind(@TempDir Path folder)
            throws IOException {
        ModelSource source = TinyBert.small().writeTo(folder);

        assertThatExceptionOfType(DeviceUnavailableException.class)
                .isThrownBy(() -> Learner.open(source, 1, new ComputeDevice.Gpu(1_000_000)))
                .withMessageContaining("gpu:1000000");

        try (Learner learner = Learner.open(source, 1, new ComputeDevice.Cpu())) {
            assertThat(learner.hiddenSize()).isPositive();
        }
    }

    /** What is rounded how depends on the number of threads, so it must be the learner's own. */
    @Test
    void aLearnerKeepsItsNumberOfThreadsWhateverOthersAreOpenedWith(@TempDir Path folder)
            throws IOException {
        ModelSource source = TinyBert.small().writeTo(folder);
        try (Learner one = Learner.open(source, 1);
                Learner three = Learner.open(source, 3);
                Learner every = Learner.open(source, 0)) {
            assertThat(one.threads()).isEqualTo(1);
            assertThat(three.threads()).isEqualTo(3);
            assertThat(every.threads()).isEqualTo(Runtime.getRuntime().availableProcessors());
        }
    }
}
