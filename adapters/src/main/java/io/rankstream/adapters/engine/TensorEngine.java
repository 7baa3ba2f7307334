package io.rankstream.adapters.engine;

import ai.djl.engine.Engine;
import ai.djl.pytorch.jni.LibUtils;
import com.sun.jna.NativeLibrary;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The libtorch of this process, which loads one for its whole life: that of a folder, or the one
 * that comes with Rankstream. The choice is kept in system properties, since a job's classes are
 * loaded anew at every restart and native libraries are not.
 *
 * <p>Safe for use by several threads.
 */
public final class TensorEngine {

    /** Environment variable that names a folder with a libtorch. */
    public static final String VARIABLE = "RANKSTREAM_TORCH";

    /** Option of the configuration that does. */
    public static final String OPTION = "model.engine-directory";

    private static final Logger LOGGER = LoggerFactory.getLogger(TensorEngine.class);

    /** What DJL reads, from the environment first. */
    private static final String LIBRARY_PATH = "PYTORCH_LIBRARY_PATH";

    private static final String VERSION = "PYTORCH_VERSION";
    private static final String FLAVOR = "PYTORCH_FLAVOR";
    private static final String TOKENIZER_FLAVOR = "RUST_FLAVOR";

    private static final String DRIVER = "libcuda.so.1";
    private static final String CUDA_RUNTIME = "cudart";

    private static final Pattern MISSING_LIBRARY =
            Pattern.compile("([^\\s:/]+[.]so[.0-9]*): cannot open shared object file");

    private TensorEngine() {}

    /**
     * Chooses the libtorch of this process, before anything computes or tokenizes in it. Where the
     * process has made its choice, null changes nothing.
     *
     * @param directory folder that the configuration names; null takes that of {@link #VARIABLE},
     *     and the one that comes with Rankstream if that is not set either
     * @throws EngineUnavailableException if the folder holds none that fits, or the process has
     *     chosen another one
     */
    public static synchronized void choose(String directory) {
        String chosen = System.getProperty(LIBRARY_PATH);
        if (directory == null && chosen != null) {
            return;
        }
        Optional<Libtorch> given = given(directory);
        if (given.isEmpty()) {
            return;
        }
        Libtorch libtorch = given.get();
        if (chosen == null) {
            prepare(libtorch);
        } else if (!chosen.equals(libtorch.libraries().toString())) {
            throw taken(libtorch.libraries(), chosen);
        }
    }

    /**
     * Loads libtorch if it is not the one that comes with Rankstream.
     *
     * @throws EngineUnavailableException if it cannot be loaded
     */
    public static synchronized void requireLoadable() {
        choose(null);
        if (libraries().isPresent()) {
            load();
        }
    }

    /**
     * The engine, loaded.
     *
     * @throws EngineUnavailableException if libtorch cannot be loaded, or the process has loaded
     *     another one than it was to
     */
    public static synchronized Engine load() {
        choose(null);
        Engine engine;
        try {
            engine = Engine.getEngine("PyTorch");
        } catch (RuntimeException | LinkageError e) {
            throw new EngineUnavailableException(
                    "%s cannot be loaded: %s".formatted(description(), reason(e)), e);
        }
        String chosen = System.getProperty(LIBRARY_PATH);
        if (chosen != null && !LibUtils.getLibtorchPath().equals(chosen)) {
            throw taken(Path.of(chosen), LibUtils.getLibtorchPath());
        }
        return engine;
    }

    /** Why this process has no GPU, as far as it can be told, a colon, and what to do. */
    public static synchronized String whyNoGpu() {
        if (libraries().filter(Libtorch::isForCuda).isEmpty()) {
            return "%s is for CPUs alone: set %s to the FOLDER of 'pip install --target FOLDER torch==%s'"
                    .formatted(description(), VARIABLE, NativeCode.bundled().pytorch());
        }
        if (!isThere(DRIVER)) {
            return "the NVIDIA driver is missing (" + DRIVER + "): install it";
        }
        if (!isThere(CUDA_RUNTIME)) {
            return "the CUDA runtime (nvidia/cuda_runtime/lib/libcudart.so.12) is not beside %s: install torch with all that it depends on"
                    .formatted(description());
        }
        return "the driver shows it none: give it one";
    }

    private static Optional<Libtorch> given(String directory) {
        if (directory != null) {
            return Optional.of(Libtorch.in(Path.of(directory), OPTION));
        }
        String variable = System.getenv(VARIABLE);
        return variable == null || variable.isEmpty()
                ? Optional.empty()
                : Optional.of(Libtorch.in(Path.of(variable), VARIABLE));
    }

    private static void prepare(Libtorch libtorch) {
        for (String variable : List.of(LIBRARY_PATH, VERSION, FLAVOR)) {
            if (System.getenv(variable) != null) {
                throw new EngineUnavailableException(
                        "%s is set in the environment, but the libtorch in %s was asked for by %s or %s, which stand for it: unset one of them"
                                .formatted(variable, libtorch.libraries(), VARIABLE, OPTION));
            }
        }
        System.setProperty(LIBRARY_PATH, libtorch.libraries().toString());
        // Native code for GPUs wants the driver at once; that for CPUs serves a libtorch for both.
        boolean forGpus = libtorch.cuda() && isThere(DRIVER);
        System.setProperty(FLAVOR, forGpus ? NativeCode.CUDA : NativeCode.CPU);
        libtorch.version().ifPresent(version -> System.setProperty(VERSION, version));
        libtorch.cudaRuntime()
                .ifPresent(folder -> NativeLibrary.addSearchPath(CUDA_RUNTIME, folder.toString()));
        System.setProperty(TOKENIZER_FLAVOR, NativeCode.CPU);
        LOGGER.info(
                "Computes with libtorch {} in {}, {}.",
                libtorch.version().orElse("of unknown version"),
                libtorch.libraries(),
                forGpus
                        ? "on CPUs and GPUs"
                        : libtorch.cuda() ? "without a driver on CPUs alone" : "on CPUs alone");
    }

    /** Folder of the libtorch that was chosen; empty for the one that comes with Rankstream. */
    private static Optional<Path> libraries() {
        String environment = System.getenv(LIBRARY_PATH);
        return Optional.ofNullable(
                        environment != null ? environment : System.getProperty(LIBRARY_PATH))
                .map(Path::of);
    }

    private static String description() {
        return libraries()
                .map(libraries -> "the libtorch in " + libraries)
                .orElse("the libtorch that comes with Rankstream");
    }

    private static EngineUnavailableException taken(Path wanted, String loaded) {
        return new EngineUnavailableException(
                "the libtorch in %s was asked for, but this process computes with that in %s, and a process loads one alone: give its jobs the same, or start another process"
                        .formatted(wanted, loaded));
    }

    private static boolean isThere(String library) {
        try {
            NativeLibrary.getInstance(library);
            return true;
        } catch (UnsatisfiedLinkError e) {
            return false;
        }
    }

    private static String reason(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        String message = String.valueOf(root.getMessage());
        Matcher missing = MISSING_LIBRARY.matcher(message);
        if (!missing.find()) {
            return message;
        }
        String library = missing.group(1);
        return library
                + " is missing: "
                + (library.startsWith("libcuda.so")
                        ? "install the NVIDIA driver"
                        : "install torch with all that it depends on, which 'pip install --no-deps' leaves out");
    }
}
