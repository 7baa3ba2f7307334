package io.rankstream.ops.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.rankstream.adapters.engine.ComputeDevice;
import io.rankstream.adapters.engine.LoadedLibtorch;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ComputeTest {

    private static final NvidiaDriver DRIVER =
            new NvidiaDriver(Optional.of("570.124.06"), List.of("NVIDIA H100", "NVIDIA H100"));
    private static final NvidiaDriver NONE = new NvidiaDriver(Optional.empty(), List.of());
    private static final String WHY = "for a reason: do this";

    @Test
    void withoutLibtorchNothingComputes() {
        Compute compute =
                new Compute(
                        new ComputeDevice.Cpu(),
                        Optional.empty(),
                        "RANKSTREAM_TORCH is /there, which is empty",
                        NONE,
                        Optional.empty(),
                        Optional.empty());

        assertThat(lines(compute))
                .containsExactly(
                        "missing  libtorch                  RANKSTREAM_TORCH is /there, which is empty");
    }

    @Test
    void aJobOnTheCpuRunsWithoutAnythingOfAGpu() {
        assertThat(lines(withoutGpu(new ComputeDevice.Cpu(), false, false)))
                .containsExactly(
                        "ok       libtorch                  2.7.1, comes with Rankstream",
                        "note     CUDA                      for a reason: do this",
                        "note     driver                    no NVIDIA driver (libcuda.so.1): install it for a GPU, and in a container start that with the GPU",
                        "ok       device                    cpu");
    }

    @Test
    void aLibtorchForGpusWithoutADriverComputesOnTheCpu() {
        assertThat(withoutGpu(new ComputeDevice.Cpu(), true, false).findings())
                .extracting(Finding::mark)
                .containsExactly(
                        Finding.Mark.OK, Finding.Mark.OK, Finding.Mark.NOTE, Finding.Mark.OK);
    }

    @Test
    void aJobOnTheCpuIsToldWhyTheDriverShowsNoGpu() {
        assertThat(lines(withoutGpu(new ComputeDevice.Cpu(), true, true)))
                .last()
                .isEqualTo("note     GPU                       none: for a reason: do this");
    }

    @Test
    void aLibtorchForGpusWithoutADriverIsNoneForAJobOnAGpu() {
        assertThat(withoutGpu(new ComputeDevice.Gpu(0), true, false).findings())
                .filteredOn(finding -> finding.mark() == Finding.Mark.MISSING)
                .extracting(Finding::subject)
                .containsExactly("driver", "device");
    }

    @Test
    void aLibtorchForCpusIsNoneForAJobOnAGpu() {
        assertThat(withoutGpu(new ComputeDevice.Gpu(0), false, true).findings())
                .filteredOn(finding -> finding.mark() == Finding.Mark.MISSING)
                .extracting(Finding::subject)
                .containsExactly("CUDA", "device");
    }

    @Test
    void aDriverThatShowsNoGpuIsSaidAtTheDevice() {
        assertThat(withoutGpu(new ComputeDevice.Gpu(0), true, true).findings())
                .filteredOn(finding -> finding.mark() == Finding.Mark.MISSING)
                .extracting(Finding::fact)
                .containsExactly(WHY);
    }

    @Test
    void aGpuIsNamed() {
        Compute compute =
                new Compute(
                        new ComputeDevice.Gpu(1),
                        Optional.of(
                                new LoadedLibtorch(
                                        "2.7.1",
                                        Optional.of(Path.of("/torch/lib")),
                                        true,
                                        true,
                                        2)),
                        "in /torch/lib, of RANKSTREAM_TORCH",
                        DRIVER,
                        Optional.empty(),
                        Optional.empty());

        assertThat(lines(compute))
                .containsExactly(
                        "ok       libtorch                  2.7.1, in /torch/lib, of RANKSTREAM_TORCH",
                        "ok       CUDA                      this libtorch is for CPUs and GPUs",
                        "ok       driver                    NVIDIA 570.124.06",
                        "ok       device                    gpu:1 (NVIDIA H100)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/nowhere/at/all", "/dev/null"})
    void aFolderWithoutLibtorchIsASentence(String folder) {
        Compute compute = Compute.inThisProcess(folder, new ComputeDevice.Cpu());

        assertThat(compute.findings())
                .singleElement()
                .satisfies(
                        finding -> {
                            assertThat(finding.mark()).isEqualTo(Finding.Mark.MISSING);
                            assertThat(finding.fact())
                                    .contains("model.engine-directory is " + folder, "pip install");
                        });
    }

    private static Compute withoutGpu(ComputeDevice wanted, boolean cuda, boolean driver) {
        return new Compute(
                wanted,
                Optional.of(new LoadedLibtorch("2.7.1", Optional.empty(), cuda, driver, 0)),
                "comes with Rankstream",
                driver ? DRIVER : NONE,
                wanted instanceof ComputeDevice.Cpu ? Optional.empty() : Optional.of(WHY),
                Optional.of(WHY));
    }

    private static List<String> lines(Compute compute) {
        return compute.findings().stream().map(Finding::line).toList();
    }
}
