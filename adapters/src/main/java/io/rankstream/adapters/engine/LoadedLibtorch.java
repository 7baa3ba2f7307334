package io.rankstream.adapters.engine;

import java.nio.file.Path;
import java.util.Optional;

/**
 * The libtorch that this process has loaded.
 *
 * @param version of PyTorch
 * @param libraries its folder; empty for the one that comes with Rankstream
 * @param cuda whether it was built for GPUs
 * @param driver whether the library of the NVIDIA driver is there
 * @param gpus how many GPUs it can compute on
 */
public record LoadedLibtorch(
        String version, Optional<Path> libraries, boolean cuda, boolean driver, int gpus) {}
