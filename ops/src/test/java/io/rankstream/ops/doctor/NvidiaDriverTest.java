package io.rankstream.ops.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NvidiaDriverTest {

    @TempDir private Path folder;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "NVRM version: NVIDIA UNIX x86_64 Kernel Module  535.129.03  Thu Oct 19 | 535.129.03",
                "NVRM version: NVIDIA UNIX Open Kernel Module for x86_64  570.124.06  Release Build | 570.124.06",
            })
    void theKernelTellsVersionAndModels(String told, String version) throws IOException {
        Files.writeString(folder.resolve("version"), told + "\nGCC version: gcc 12.2.0\n");
        Path gpu = Files.createDirectories(folder.resolve("gpus/0000:4e:00.0"));
        Files.writeString(
                gpu.resolve("information"),
                "Model: \t\t NVIDIA H100 80GB HBM3\nIRQ:   \t\t 18\nGPU UUID: \t GPU-1\n");

        NvidiaDriver driver = NvidiaDriver.in(folder);

        assertThat(driver.version()).isEqualTo(Optional.of(version));
        assertThat(driver.names()).containsExactly("NVIDIA H100 80GB HBM3");
    }

    @Test
    void whereTheKernelTellsNothingNothingIsKnown() {
        NvidiaDriver driver = NvidiaDriver.in(folder.resolve("absent"));

        assertThat(driver.version()).isEmpty();
        assertThat(driver.models()).isEmpty();
    }
}
