package io.rankstream.job.metrics;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Memory of this process, as Linux tells it. */
public final class ProcessMemory {

    private static final Path STATUS = Path.of("/proc/self/status");
    private static final String RESIDENT = "VmRSS:";
    private static final MemoryMXBean JVM = ManagementFactory.getMemoryMXBean();

    private ProcessMemory() {}

    /** Resident bytes; NaN where the system does not tell. */
    public static double residentBytes() {
        try {
            return residentBytes(Files.readAllLines(STATUS));
        } catch (IOException e) {
            return Double.NaN;
        }
    }

    /** Resident bytes beyond those that the JVM has committed; NaN as above. */
    public static double nativeBytes() {
        double committed =
                (double) JVM.getHeapMemoryUsage().getCommitted()
                        + JVM.getNonHeapMemoryUsage().getCommitted();
        double beyond = residentBytes() - committed;
        return beyond < 0 ? 0 : beyond;
    }

    static double residentBytes(List<String> status) {
        return status.stream()
                .filter(line -> line.startsWith(RESIDENT))
                .mapToDouble(
                        line ->
                                1024
                                        * Double.parseDouble(
                                                line.substring(RESIDENT.length())
                                                        .replace("kB", "")
                                                        .strip()))
                .findFirst()
                .orElse(Double.NaN);
    }
}
