package io.rankstream.adapters.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import org.junit.jupiter.api.Test;

class ComputeDeviceTest {

    /** No machine has it. */
    private static final ComputeDevice MISSING = new ComputeDevice.Gpu(1_000_000);

    @Test
    void theCpuIsAlwaysThere() {
        new ComputeDevice.Cpu().requireAvailable();
    }

    @Test
    void aMissingGpuIsRefusedInOneSentence() {
        assertThatExceptionOfType(DeviceUnavailableException.class)
                .isThrownBy(MISSING::requireAvailable)
                .withMessageStartingWith("model.device is gpu:1000000, but PyTorch finds ")
                .withMessageContaining("set it to cpu");
    }

    @Test
    void anIndexAboveThatOfTheLastGpuIsRefusedWithTheRange() {
        assertThat(new DeviceUnavailableException(new ComputeDevice.Gpu(2), 2))
                .hasMessage(
                        "model.device is gpu:2, but PyTorch finds 2 GPU(s) in this process, expected an index from 0 to 1: correct it or set it to cpu");
    }
}
