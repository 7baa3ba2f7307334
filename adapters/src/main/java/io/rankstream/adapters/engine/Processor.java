package io.rankstream.adapters.engine;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A processor, as far as it decides how to multiply.
 *
 * @param maker as the processor itself says it, such as {@code GenuineIntel}; {@value #UNKNOWN}
 *     where it does not
 * @param avx512 whether it has vectors of 512 bits, AVX-512F
 */
record Processor(String maker, boolean avx512) {

    private static final String UNKNOWN = "maker unknown";

    private static final Path LINUX = Path.of("/proc/cpuinfo");

    private static final Pattern MAKER = Pattern.compile("(?m)^vendor_id\\s*:\\s*(\\S+)\\s*$");

    private static final Pattern AVX512 = Pattern.compile("(?m)^flags\\s*:.*\\bavx512f\\b");

    /** Hygon's are AMD's by licence. */
    private static final Set<String> OF_AMD = Set.of("AuthenticAMD", "HygonGenuine");

    /** That of this machine. */
    static Processor ofThisMachine() {
        try {
            return of(Files.readString(LINUX, StandardCharsets.ISO_8859_1));
        } catch (IOException e) {
            return new Processor(UNKNOWN, false);
        }
    }

    /**
     * The processor that Linux describes.
     *
     * @param cpuinfo content of /proc/cpuinfo
     */
    static Processor of(String cpuinfo) {
        Matcher matcher = MAKER.matcher(cpuinfo);
        return new Processor(
                matcher.find() ? matcher.group(1) : UNKNOWN, AVX512.matcher(cpuinfo).find());
    }

    boolean isAmd() {
        return OF_AMD.contains(maker);
    }
}
