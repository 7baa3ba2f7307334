package io.rankstream.ops.cli;

import java.nio.file.Path;

/**
 * Where this process logs. It must be chosen before the first logger is made; the file appears with
 * its first line.
 */
final class LogFile {

    private static final String FILE_PROPERTY = "rankstream.log";
    private static final String CONFIG_PROPERTY = "log4j2.configurationFile";
    private static final String CONFIG = "classpath:io/rankstream/ops/cli/log4j2.xml";

    private LogFile() {}

    static void use(Path file) {
        System.setProperty(FILE_PROPERTY, file.toAbsolutePath().toString());
        if (System.getProperty(CONFIG_PROPERTY) == null) {
            System.setProperty(CONFIG_PROPERTY, CONFIG);
        }
    }

    /** A file of this process's own in the folder for temporary files. */
    static Path temporary() {
        return Path.of(
                System.getProperty("java.io.tmpdir"),
                "rankstream-" + ProcessHandle.current().pid() + ".log");
    }

    /** The file in use. */
    static String inUse() {
        return System.getProperty(FILE_PROPERTY);
    }
}
