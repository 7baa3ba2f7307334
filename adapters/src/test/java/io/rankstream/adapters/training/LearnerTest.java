package io.rankstream.adapters.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.rankstream.adapters.engine.ComputeDevice;
import io.rankstream.adapters.engine.DeviceUnavailableException;
import io.rankstream.adapters.engine.TestDevice;
import io.rankstream.adapters.model.HostTensor;
import io.rankstream.adapters.model.ModelSource;
import io.rankstream.adapters.model.bert.TinyBert;
import io.rankstream.adapters.weights.ModelLoadException;
import io.rankstream.adapters.weights.safetensors.SafetensorsWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
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

    /** Finite, as a model's weights have to be, and still too large. */
    @Test
    void aModelThatOverflowsIsRefusedAndLeavesNothingBehind(@TempDir Path folder)
            throws IOException {
        ModelSource source = TinyBert.small().writeTo(folder);
        byte[] sound = Files.readAllBytes(folder.resolve("model.safetensors"));
        SafetensorsWriter weights = new SafetensorsWriter();
        HostTensor.of(source)
                .forEach(
                        (name, tensor) -> {
                            float[] values = tensor.values().clone();
                            if (name.equals("encoder.layer.1.output.dense.weight")) {
                                Arrays.fill(values, 3e38f);
                            }
                            weights.put(name, tensor.shape(), values);
                        });
        Files.write(folder.resolve("model.safetensors"), weights.toBytes());

        assertThatExceptionOfType(ModelLoadException.class)
                .isThrownBy(() -> Learner.open(source, 1, TestDevice.get()))
                .withMessageStartingWith(
                        "the base model %s answers a text of a few tokens with numbers that are not finite, expected finite ones",
                        folder.getFileName());

        Files.write(folder.resolve("model.safetensors"), sound);
        try (Learner learner = Learner.open(source, 1, TestDevice.get())) {
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
