package io.rankstream.ops.cli.log;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The user's folder for what all processes of the user share and what outlives them: logs, and the
 * locks of jobs. Where it cannot be written, one among the temporary files takes its place.
 */
public final class UserFolder {

    /** Chosen before temporary files are redirected to a folder of this process's own. */
    private static final Path FOLDER = choose();

    private UserFolder() {}

    /** The folder; it exists, unless no folder could be made. */
    public static Path path() {
        return FOLDER;
    }

    private static Path choose() {
        Path folder = ofUser().resolve("rankstream");
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            return amongTemporaryFiles();
        }
        return Files.isWritable(folder) ? folder : amongTemporaryFiles();
    }

    private static Path ofUser() {
        String given = System.getenv("XDG_STATE_HOME");
        return given == null || !Path.of(given).isAbsolute()
                ? Path.of(System.getProperty("user.home"), ".local", "state")
                : Path.of(given);
    }

    private static Path amongTemporaryFiles() {
        return Path.of(System.getProperty("java.io.tmpdir"), "rankstream-logs");
    }
}
