package io.rankstream.adapters.engine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A libtorch on this machine, as {@code pip install}, a virtual environment or PyTorch's own
 * archive lays it out.
 *
 * @param libraries folder of {@code libtorch_cpu.so}
 * @param version of PyTorch, without what stands behind a plus; empty if nothing beside it tells
 * @param cuda whether it was built for GPUs
 * @param cudaRuntime folder of {@code libcudart.so} with a version; empty if it is not beside it
 */
public record Libtorch(
        Path libraries, Optional<String> version, boolean cuda, Optional<Path> cudaRuntime) {

    private static final String LIBRARY = "libtorch_cpu.so";
    private static final String CUDA_LIBRARY = "libtorch_cuda.so";
    private static final String CUDA_RUNTIME = "libcudart.so";
    private static final Pattern PYTHON_VERSION =
            Pattern.compile("^__version__ = '([^'+]+)[^']*'", Pattern.MULTILINE);
    private static final Pattern ARCHIVE_VERSION = Pattern.compile("^([^+\\s]+)");
    private static final int NAMES_IN_ERRORS = 5;

    /**
     * Finds the libtorch of a folder, which is that of its libraries or one above.
     *
     * @param folder the target of {@code pip install}, a virtual environment, an unpacked archive,
     *     or the libraries' own folder
     * @param name what gave the folder, for the message
     * @throws EngineUnavailableException if there is none, or Rankstream has no native code for its
     *     version
     */
    public static Libtorch in(Path folder, String name) {
        return in(folder, name, NativeCode.bundled());
    }

    static Libtorch in(Path folder, String name, NativeCode code) {
        String given = name + " is " + folder;
        try {
            Path libraries =
                    places(folder)
                            .filter(place -> Files.isRegularFile(place.resolve(LIBRARY)))
                            .findFirst()
                            .orElseThrow(() -> missing(given, folder, code))
                            .toRealPath();
            Libtorch found =
                    new Libtorch(
                            libraries,
                            version(libraries),
                            isForCuda(libraries),
                            cudaRuntime(libraries));
            found.requireNativeCode(given, code);
            return found;
        } catch (IOException e) {
            throw new EngineUnavailableException(given + ", which cannot be read: " + e, e);
        }
    }

    /** Whether the libraries of a folder were built for GPUs. */
    static boolean isForCuda(Path libraries) {
        return Files.isRegularFile(libraries.resolve(CUDA_LIBRARY));
    }

    private void requireNativeCode(String given, NativeCode code) {
        if (Files.isRegularFile(libraries.resolve(code.fileBesideLibtorch()))
                || version.equals(Optional.of(code.pytorch()))) {
            return;
        }
        throw new EngineUnavailableException(
                "%s, whose libtorch is of %s, but Rankstream's native code is for version %s: give it that of 'pip install --target FOLDER torch==%s'"
                        .formatted(
                                given,
                                version.map(one -> "version " + one)
                                        .orElse(
                                                "an unknown version (no version.py or build-version)"),
                                code.pytorch(),
                                code.pytorch()));
    }

    private static Stream<Path> places(Path folder) throws IOException {
        return Stream.concat(
                Stream.of("", "lib", "torch/lib").map(folder::resolve),
                Stream.concat(
                                sitePackages(folder.resolve("lib")),
                                sitePackages(folder.resolve("lib64")))
                        .map(packages -> packages.resolve("torch/lib")));
    }

    /** Of a virtual environment. */
    private static Stream<Path> sitePackages(Path lib) throws IOException {
        if (!Files.isDirectory(lib)) {
            return Stream.empty();
        }
        try (Stream<Path> entries = Files.list(lib)) {
            return entries
                    .filter(entry -> entry.getFileName().toString().startsWith("python"))
                    .sorted()
                    .map(entry -> entry.resolve("site-packages"))
                    .toList()
                    .stream();
        }
    }

    private static Optional<String> version(Path libraries) throws IOException {
        Optional<String> ofPython = version(libraries, "version.py", PYTHON_VERSION);
        return ofPython.isPresent()
                ? ofPython
                : version(libraries, "build-version", ARCHIVE_VERSION);
    }

    private static Optional<String> version(Path libraries, String name, Pattern pattern)
            throws IOException {
        Path file = libraries.resolveSibling(name);
        if (!Files.isRegularFile(file)) {
            return Optional.empty();
        }
        Matcher matcher = pattern.matcher(Files.readString(file));
        return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
    }

    private static Optional<Path> cudaRuntime(Path libraries) throws IOException {
        List<Path> folders =
                List.of(libraries, libraries.resolve("../../nvidia/cuda_runtime/lib").normalize());
        for (Path folder : folders) {
            if (names(folder).stream().anyMatch(name -> name.startsWith(CUDA_RUNTIME))) {
                return Optional.of(folder);
            }
        }
        return Optional.empty();
    }

    private static EngineUnavailableException missing(String given, Path folder, NativeCode code) {
        return new EngineUnavailableException(
                "%s, %s: expected what 'pip install --target FOLDER torch==%s' makes, with torch/lib/%s in it"
                        .formatted(given, found(folder), code.pytorch(), LIBRARY));
    }

    private static String found(Path folder) {
        if (!Files.exists(folder)) {
            return "which is not there";
        }
        if (!Files.isDirectory(folder)) {
            return "which is a file";
        }
        try {
            List<String> names = names(folder);
            if (names.isEmpty()) {
                return "which is empty";
            }
            return "which holds no libtorch but "
                    + String.join(", ", names.subList(0, Math.min(names.size(), NAMES_IN_ERRORS)))
                    + (names.size() > NAMES_IN_ERRORS ? " and others" : "");
        } catch (IOException e) {
            return "which cannot be read";
        }
    }

    private static List<String> names(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.map(entry -> entry.getFileName().toString()).sorted().toList();
        }
    }
}
