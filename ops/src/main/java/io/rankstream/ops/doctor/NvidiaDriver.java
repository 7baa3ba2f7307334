package io.rankstream.ops.doctor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What the kernel tells of the NVIDIA driver.
 *
 * @param version empty where it does not tell, as in some containers
 * @param names of the machine's GPUs
 */
public record NvidiaDriver(Optional<String> version, List<String> names) {

    private static final Path FOLDER = Path.of("/proc/driver/nvidia");
    private static final Pattern VERSION = Pattern.compile("NVRM version:.*?\\s(\\d+(?:\\.\\d+)+)");
    private static final Pattern MODEL = Pattern.compile("(?m)^Model:\\s*(.+?)\\s*$");

    public NvidiaDriver {
        names = List.copyOf(names);
    }

    static NvidiaDriver ofThisMachine() {
        return in(FOLDER);
    }

    static NvidiaDriver in(Path folder) {
        return new NvidiaDriver(
                first(folder.resolve("version"), VERSION), models(folder.resolve("gpus")));
    }

    private static List<String> models(Path folder) {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> gpus = Files.list(folder)) {
            return gpus.sorted()
                    .flatMap(gpu -> first(gpu.resolve("information"), MODEL).stream())
                    .toList();
        } catch (IOException e) {
            return List.of();
        }
    }

    private static Optional<String> first(Path file, Pattern pattern) {
        try {
            Matcher matcher = pattern.matcher(Files.readString(file));
            return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** The distinct names in brackets after a blank; nothing where none is known. */
    String models() {
        return names.isEmpty()
                ? ""
                : " (" + String.join(", ", names.stream().distinct().toList()) + ")";
    }

    @Override
    public String toString() {
        return version.map(each -> "NVIDIA " + each)
                .orElse("NVIDIA, whose version the kernel does not tell");
    }
}
