package io.rankstream.ops.doctor;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Java, memory and processor of this process.
 *
 * @param feature first number of Java's version
 * @param java version and home of Java, in words
 * @param memory bytes of the machine, or of the container that the process is in
 * @param heap most bytes that Java's heap may take
 * @param cores that the process may use
 * @param platform operating system and architecture, such as {@code Linux amd64}
 * @param instructions flags of the processor in Linux's spelling; empty where it does not tell
 */
public record Machine(
        int feature,
        String java,
        long memory,
        long heap,
        int cores,
        String platform,
        Set<String> instructions) {

    private static final int LEAST_FEATURE = 17;
    private static final long LEAST_HEAP = 256 * Size.MIB;
    private static final long GOOD_HEAP = Size.GIB;
    private static final long LEAST_MEMORY = 3 * Size.GIB / 2;
    private static final long GOOD_MEMORY = 4 * Size.GIB;

    /** What the libtorch that comes with Rankstream is for. */
    private static final String PLATFORM = "Linux amd64";

    private static final Path PROCESSOR = Path.of("/proc/cpuinfo");

    public Machine {
        instructions = Set.copyOf(instructions);
    }

    /** What this process is given. */
    public static Machine ofThisProcess() {
        OperatingSystemMXBean system =
                ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
        return new Machine(
                Runtime.version().feature(),
                "%s in %s".formatted(Runtime.version(), System.getProperty("java.home")),
                system.getTotalMemorySize(),
                Runtime.getRuntime().maxMemory(),
                system.getAvailableProcessors(),
                system.getName() + " " + system.getArch(),
                flags());
    }

    /** One for each of Java, memory, heap and processor. */
    public List<Finding> findings() {
        return List.of(ofJava(), ofMemory(), ofHeap(), ofProcessor());
    }

    private Finding ofJava() {
        return feature < LEAST_FEATURE
                ? Finding.missing(
                        "Java",
                        "%s is too old: install Java %d or newer, or set JAVA_HOME to one"
                                .formatted(java, LEAST_FEATURE))
                : Finding.ok("Java", java);
    }

    private Finding ofMemory() {
        String there = Size.of(memory);
        if (memory < LEAST_MEMORY) {
            return Finding.missing(
                    "memory",
                    "%s in all, and a job with a small model takes %s: give the machine or container more"
                            .formatted(there, Size.of(LEAST_MEMORY)));
        }
        return memory < GOOD_MEMORY
                ? Finding.note(
                        "memory",
                        "%s in all, enough for a small model alone: have %s or more"
                                .formatted(there, Size.of(GOOD_MEMORY)))
                : Finding.ok("memory", there + " in all");
    }

    private Finding ofHeap() {
        String most = "up to " + Size.of(heap);
        String advice =
                ": give Java more with JAVA_TOOL_OPTIONS=-Xmx3g, or leave out what limits it";
        if (heap < LEAST_HEAP) {
            return Finding.missing(
                    "heap",
                    most + ", and a job needs " + Size.of(LEAST_HEAP) + " at least" + advice);
        }
        return heap < GOOD_HEAP
                ? Finding.note("heap", most + ", which is little" + advice)
                : Finding.ok("heap", most + " of the memory");
    }

    private Finding ofProcessor() {
        String told = "%s, %d %s".formatted(platform, cores, cores == 1 ? "core" : "cores");
        if (!platform.equals(PLATFORM)) {
            return Finding.note(
                    "processor",
                    "%s: the libtorch that comes with Rankstream is for %s, where alone it was tried"
                            .formatted(told, PLATFORM));
        }
        if (instructions.isEmpty()) {
            return Finding.ok("processor", told);
        }
        if (instructions.contains("avx512f")) {
            return Finding.ok("processor", told + ", AVX-512");
        }
        return instructions.contains("avx2")
                ? Finding.ok("processor", told + ", AVX2")
                : Finding.note(
                        "processor",
                        told + ", neither AVX2 nor AVX-512, so slow: use a newer processor");
    }

    private static Set<String> flags() {
        try (Stream<String> lines = Files.lines(PROCESSOR)) {
            return lines.filter(line -> line.startsWith("flags"))
                    .limit(1)
                    .flatMap(line -> Arrays.stream(line.split("\\s+")))
                    .collect(Collectors.toSet());
        } catch (IOException e) {
            return Set.of();
        }
    }
}
