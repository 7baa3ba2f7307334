package io.rankstream.ops.cli.log;

import io.rankstream.ops.files.OwnedFolder;
import java.io.IOException;
import java.nio.file.Path;

/**
 * All temporary files of this process, whoever makes them, in one folder of its own. Safe for use
 * by several threads.
 */
public final class TemporaryFiles {

    private static final String PROPERTY = "java.io.tmpdir";

    private final OwnedFolder folder;

    private TemporaryFiles(OwnedFolder folder) {
        this.folder = folder;
    }

    /**
     * Redirects them, before anything makes one. What a killed process left is removed.
     *
     * @throws IOException if the folder for temporary files cannot be written; the message is a
     *     sentence for the user
     */
    public static TemporaryFiles redirect() throws IOException {
        String shared = System.getProperty(PROPERTY);
        try {
            OwnedFolder folder = OwnedFolder.in(Path.of(shared));
            System.setProperty(PROPERTY, folder.path().toString());
            return new TemporaryFiles(folder);
        } catch (IOException e) {
            throw new IOException(
                    "temporary files cannot be written to %s (%s): make it writable, or choose another folder with JAVA_TOOL_OPTIONS=-D%s=DIR"
                            .formatted(shared, e, PROPERTY),
                    e);
        }
    }

    /** Removes them. What is still being written may stay, until the next process removes it. */
    public void remove() {
        folder.close();
    }
}
