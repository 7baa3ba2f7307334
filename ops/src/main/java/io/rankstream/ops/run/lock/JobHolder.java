package io.rankstream.ops.run.lock;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A note of which process runs a job. It lies beside the job's lock, and not in it: a process must
 * not open a file again that it has locked.
 */
final class JobHolder {

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT);

    private JobHolder() {}

    static void write(Path file, Instant since) throws IOException {
        Files.write(file, List.of(Long.toString(ProcessHandle.current().pid()), since.toString()));
    }

    /** Who it is, in brackets; empty where that is not known. */
    static Optional<String> read(Path file) {
        try {
            List<String> lines = Files.readAllLines(file);
            long pid = Long.parseLong(lines.get(0));
            // What a process that was killed has left is read until the next one has written.
            return ProcessHandle.of(pid).isEmpty()
                    ? Optional.empty()
                    : Optional.of(
                            " (process %d, since %s)"
                                    .formatted(
                                            pid,
                                            TIME.withZone(ZoneId.systemDefault())
                                                    .format(Instant.parse(lines.get(1)))));
        } catch (IOException
                | NumberFormatException
                | IndexOutOfBoundsException
                | DateTimeException e) {
            return Optional.empty();
        }
    }
}
