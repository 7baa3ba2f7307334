package io.rankstream.ops.cli.log;

import static java.nio.file.StandardOpenOption.APPEND;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * Where this process logs. Lines go to the file in use at their time; it appears with its first
 * line.
 */
public final class LogFile {

    private static final String FILE_PROPERTY = "rankstream.log";
    private static final String CONFIG_PROPERTY = "log4j2.configurationFile";
    private static final String CONFIG = "classpath:io/rankstream/ops/cli/log/log4j2.xml";

    private static final String PREFIX = "rankstream-";
    private static final DateTimeFormatter START_TIME =
            DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss", Locale.ROOT)
                    .withZone(ZoneId.systemDefault());

    /** Logs that are kept in the folder that all processes of a user share. */
    private static final int KEPT = 50;

    /** Bits of a file's mode in POSIX that say what it is, and those of a named pipe. */
    private static final int FILE_TYPE = 0170000;

    private static final int PIPE = 0010000;

    private LogFile() {}

    public static void use(Path file) {
        System.setProperty(FILE_PROPERTY, file.toAbsolutePath().toString());
        if (System.getProperty(CONFIG_PROPERTY) == null) {
            System.setProperty(CONFIG_PROPERTY, CONFIG);
        }
    }

    /**
     * Uses a file of this process's own in {@link UserFolder}. Of the logs that are there, those
     * stay that were written to last.
     */
    public static void useDefault() {
        Path folder = UserFolder.path();
        keepNewest(folder);
        use(
                folder.resolve(
                        "%s%s-%d.log"
                                .formatted(
                                        PREFIX,
                                        START_TIME.format(Instant.now()),
                                        ProcessHandle.current().pid())));
    }

    /** The file in use. */
    public static String inUse() {
        return System.getProperty(FILE_PROPERTY);
    }

    /**
     * Makes sure that a file can be logged to. It appears with its first line, its folder now.
     *
     * @throws IOException if not
     */
    static void requireWritable(Path file) throws IOException {
        Path folder = file.toAbsolutePath().getParent();
        if (folder != null) {
            Files.createDirectories(folder);
        }
        if (Files.exists(file) && isPipe(file)) {
            throw new FileSystemException(
                    file.toString(), null, "a pipe, which would wait for its reader");
        }
        if (Files.exists(file)) {
            FileChannel.open(file, APPEND).close();
        } else {
            Files.delete(Files.createTempFile(folder, PREFIX, null));
        }
    }

    private static boolean isPipe(Path file) throws IOException {
        return ((int) Files.getAttribute(file, "unix:mode") & FILE_TYPE) == PIPE;
    }

    private static void keepNewest(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            List<Path> old =
                    files.filter(file -> file.getFileName().toString().startsWith(PREFIX))
                            .filter(Files::isRegularFile)
                            .sorted(Comparator.comparing(LogFile::lastWritten).reversed())
                            .skip(KEPT)
                            .toList();
            for (Path file : old) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            // a log that stays does no harm
        }
    }

    private static long lastWritten(Path file) {
        return file.toFile().lastModified();
    }
}
