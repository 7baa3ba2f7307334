package io.rankstream.ops.doctor;

import io.rankstream.adapters.engine.ComputeDevice;
import io.rankstream.adapters.engine.EngineUnavailableException;
import io.rankstream.adapters.engine.LoadedLibtorch;
import io.rankstream.adapters.engine.TensorEngine;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * libtorch, and the device that a job shall compute on.
 *
 * @param wanted that device
 * @param libtorch empty if it cannot be loaded
 * @param source what gave it, in words; why it cannot be loaded if it is empty
 * @param driver what the NVIDIA driver tells of itself
 * @param noDevice why libtorch does not have the device, a colon, and what to do; empty if it has
 * @param noGpu why it has no GPU at all; empty if it has one
 */
public record Compute(
        ComputeDevice wanted,
        Optional<LoadedLibtorch> libtorch,
        String source,
        NvidiaDriver driver,
        Optional<String> noDevice,
        Optional<String> noGpu) {

    /**
     * Loads libtorch into this process, which the bundled one is unpacked for.
     *
     * @param directory {@code model.engine-directory}; null if nothing sets it
     */
    public static Compute inThisProcess(String directory, ComputeDevice wanted) {
        NvidiaDriver driver = NvidiaDriver.ofThisMachine();
        try {
            TensorEngine.choose(directory);
            LoadedLibtorch libtorch = TensorEngine.loaded();
            return new Compute(
                    wanted,
                    Optional.of(libtorch),
                    source(libtorch, directory),
                    driver,
                    why(wanted),
                    libtorch.gpus() > 0 ? Optional.empty() : Optional.of(TensorEngine.whyNoGpu()));
        } catch (EngineUnavailableException e) {
            return new Compute(
                    wanted,
                    Optional.empty(),
                    e.getMessage(),
                    driver,
                    Optional.empty(),
                    Optional.empty());
        }
    }

    private static String source(LoadedLibtorch libtorch, String directory) {
        return libtorch.libraries()
                .map(
                        folder ->
                                "in %s, of %s"
                                        .formatted(
                                                folder,
                                                directory == null
                                                        ? environment()
                                                        : TensorEngine.OPTION))
                .orElse("comes with Rankstream");
    }

    private static String environment() {
        return System.getenv(TensorEngine.VARIABLE) == null
                ? "the environment"
                : TensorEngine.VARIABLE;
    }

    private static Optional<String> why(ComputeDevice wanted) {
        try {
            wanted.requireAvailable();
            return Optional.empty();
        } catch (EngineUnavailableException e) {
            return Optional.of(e.getMessage());
        }
    }

    /** Of libtorch, and what a GPU needs beside it. */
    public List<Finding> findings() {
        if (libtorch.isEmpty()) {
            return List.of(Finding.missing("libtorch", source));
        }
        LoadedLibtorch loaded = libtorch.get();
        List<Finding> findings = new ArrayList<>();
        findings.add(Finding.ok("libtorch", loaded.version() + ", " + source));
        findings.add(ofCuda(loaded));
        findings.add(ofDriver(loaded));
        noDevice.ifPresentOrElse(
                why -> findings.add(Finding.missing("device", why)),
                () -> findings.add(Finding.ok("device", device(wanted))));
        if (wanted instanceof ComputeDevice.Cpu && loaded.cuda() && loaded.driver()) {
            findings.add(ofSpareGpus(loaded));
        }
        return findings;
    }

    private Finding ofCuda(LoadedLibtorch loaded) {
        return loaded.cuda()
                ? Finding.ok("CUDA", "this libtorch is for CPUs and GPUs")
                : lacking("CUDA", noGpu.orElse("this libtorch is for CPUs alone"));
    }

    private Finding ofDriver(LoadedLibtorch loaded) {
        return loaded.driver()
                ? Finding.ok("driver", driver.toString())
                : lacking(
                        "driver",
                        "no NVIDIA driver (libcuda.so.1): install it for a GPU, and in a container start that with the GPU");
    }

    private Finding ofSpareGpus(LoadedLibtorch loaded) {
        return noGpu.map(why -> Finding.note("GPU", "none: " + why))
                .orElseGet(
                        () ->
                                Finding.ok(
                                        "GPU",
                                        "%d that model.device: gpu or --device gpu would use%s"
                                                .formatted(loaded.gpus(), driver.models())));
    }

    /** A job on the CPU runs without it. */
    private Finding lacking(String subject, String fact) {
        return wanted instanceof ComputeDevice.Cpu
                ? Finding.note(subject, fact)
                : Finding.missing(subject, fact);
    }

    private String device(ComputeDevice device) {
        return device instanceof ComputeDevice.Cpu ? "cpu" : device + driver.models();
    }
}
