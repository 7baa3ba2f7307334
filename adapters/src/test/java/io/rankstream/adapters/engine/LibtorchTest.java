package io.rankstream.adapters.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import ai.djl.engine.Engine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.assertj.core.api.ThrowableAssertAlternative;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LibtorchTest {

    private static final NativeCode CODE = new NativeCode("2.7.1", "0.36.0");
    private static final String NAME = "RANKSTREAM_TORCH";

    @TempDir Path folder;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "torch/lib",
                "lib",
                "",
                "lib/python3.11/site-packages/torch/lib",
                "lib64/python3.12/site-packages/torch/lib"
            })
    void isFoundWhereverItsInstallerPutsIt(String place) throws Exception {
        Path libraries = library(folder.resolve("base").resolve(place));
        Files.writeString(libraries.resolveSibling("version.py"), "__version__ = '2.7.1'\n");

        Libtorch found = Libtorch.in(folder.resolve("base"), NAME, CODE);

        assertThat(found.libraries()).isEqualTo(libraries.toRealPath());
        assertThat(found.cuda()).isFalse();
        assertThat(found.cudaRuntime()).isEmpty();
    }

    @Test
    void isFoundThroughLinks() throws Exception {
        Path libraries = versioned("2.7.1");
        Path link = Files.createSymbolicLink(folder.resolve("link"), folder.resolve("torch"));

        assertThat(Libtorch.in(link, NAME, CODE).libraries()).isEqualTo(libraries.toRealPath());
    }

    @Test
    void oneForGpusHasItsRuntimeBesideIt() throws Exception {
        Path libraries = versioned("2.7.1+cu126");
        Files.createFile(libraries.resolve("libtorch_cuda.so"));
        Path runtime = Files.createDirectories(folder.resolve("nvidia/cuda_runtime/lib"));
        Files.createFile(runtime.resolve("libcudart.so.12"));

        Libtorch found = Libtorch.in(folder, NAME, CODE);

        assertThat(found.cuda()).isTrue();
        assertThat(found.version()).contains("2.7.1");
        assertThat(found.cudaRuntime()).contains(runtime.toRealPath());
    }

    @ParameterizedTest
    @ValueSource(strings = {NativeCode.CPU, NativeCode.CUDA})
    void nativeCodeOfItsFlavorIsOnTheClassPath(String flavor) {
        assertThat(
                        Engine.class
                                .getClassLoader()
                                .getResource("jnilib/linux-x86_64/" + flavor + "/libdjl_torch.so"))
                .isNotNull();
    }

    @Test
    void theArchivesOfPytorchTellTheirVersionInAFile() throws Exception {
        library(folder.resolve("libtorch/lib"));
        Files.writeString(folder.resolve("libtorch/build-version"), "2.7.1+cpu\n");

        assertThat(Libtorch.in(folder.resolve("libtorch"), NAME, CODE).version()).contains("2.7.1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"2.7.0", "2.11.0+cu130", "2.7.10", "1.13.1+cu117", "2.7.1a0"})
    void anotherVersionIsRefused(String version) throws Exception {
        versioned(version);

        assertRefused(folder)
                .withMessageContaining("of version " + version.replaceAll("[+].*", ""))
                .withMessageContaining("native code is for version 2.7.1")
                .withMessageContaining("torch==2.7.1");
    }

    @Test
    void anUnknownVersionIsRefused() throws Exception {
        library(folder.resolve("torch/lib"));

        assertRefused(folder).withMessageContaining("of an unknown version");
    }

    @Test
    void anyVersionServesThatHasNativeCodeBesideIt() throws Exception {
        Path libraries = versioned("2.11.0+cu130");
        Files.createFile(libraries.resolve("0.36.0-libdjl_torch.so"));

        assertThat(Libtorch.in(folder, NAME, CODE).version()).contains("2.11.0");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    missing   | which is not there
                    file      | which is a file
                    empty     | which is empty
                    few       | which holds no libtorch but bin, lib:
                    many      | which holds no libtorch but 0, 1, 2, 3, 4 and others
                    other     | which holds no libtorch but torch
                    """)
    void whatHoldsNoneIsRefusedWithWhatItHolds(String kind, String found) throws Exception {
        Files.createFile(folder.resolve("file"));
        Files.createDirectory(folder.resolve("empty"));
        Files.createDirectories(folder.resolve("few/bin"));
        Files.createDirectories(folder.resolve("few/lib"));
        for (int i = 0; i < 9; i++) {
            Files.createDirectories(folder.resolve("many/" + i));
        }
        Files.createDirectories(folder.resolve("other/torch/lib"));
        Files.createFile(folder.resolve("other/torch/lib/torch_cpu.dll"));

        assertRefused(folder.resolve(kind))
                .withMessageStartingWith(NAME + " is " + folder.resolve(kind) + ", " + found)
                .withMessageContaining("expected what 'pip install")
                .withMessageContaining("torch/lib/libtorch_cpu.so");
    }

    @Test
    void theNativeCodeOfTheClassPathHasItsVersions() {
        assertThat(NativeCode.bundled().pytorch()).matches("[0-9]+[.][0-9]+[.][0-9]+");
        assertThat(NativeCode.bundled().fileBesideLibtorch())
                .matches("[0-9]+[.][0-9]+[.][0-9]+-libdjl_torch[.]so");
    }

    private ThrowableAssertAlternative<EngineUnavailableException> assertRefused(Path given) {
        return assertThatExceptionOfType(EngineUnavailableException.class)
                .isThrownBy(() -> Libtorch.in(given, NAME, CODE));
    }

    private Path versioned(String version) throws IOException {
        Path libraries = library(folder.resolve("torch/lib"));
        Files.writeString(
                folder.resolve("torch/version.py"),
                "from typing import Optional\n\n__version__ = '%s'\ndebug = False\n"
                        .formatted(version));
        return libraries;
    }

    private static Path library(Path libraries) throws IOException {
        Files.createDirectories(libraries);
        Files.createFile(libraries.resolve("libtorch_cpu.so"));
        return libraries;
    }
}
