package io.rankstream.benchmarks.measure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Memory of this process as the system counts it: heap, libtorch, RocksDB and all. */
public final class ResidentMemory {
    private ResidentMemory() {}

    public static double mebibytes() throws IOException {
        return mebibytes("VmRSS:");
    }

    /** The most that it was since the process began. */
    public static double peakMebibytes() throws IOException {
        return mebibytes("VmHWM:");
    }

    private static double mebibytes(String field) throws IOException {
        return Files.readAllLines(Path.of("/proc/self/status")).stream()
                        .filter(line -> line.startsWith(field))
                        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                        .findFirst()
                        .orElseThrow()
                / 1024.0;
    }
}
