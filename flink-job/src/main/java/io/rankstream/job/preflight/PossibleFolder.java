package io.rankstream.job.preflight;

import io.rankstream.job.files.FileSystems;
import java.io.IOException;
import java.nio.file.Files;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.Path;

/** A folder that is there, or can be made. Nothing is made to find that out. */
final class PossibleFolder {

    private PossibleFolder() {}

    /**
     * Looks at the folder, or at the nearest one above it that is there.
     *
     * @throws IOException if that is a file, or one of this machine that cannot be written to
     */
    static void require(Path folder) throws IOException {
        FileSystem files = FileSystems.of(folder);
        Path nearest = folder;
        while (!files.exists(nearest) && nearest.getParent() != null) {
            nearest = nearest.getParent();
        }
        if (!files.exists(nearest)) {
            return; // an object store, whose folders are names alone
        }
        if (!files.getFileStatus(nearest).isDir()) {
            throw new IOException(nearest.getPath() + " is a file");
        }
        if (!files.isDistributedFS()
                && !Files.isWritable(java.nio.file.Path.of(nearest.getPath()))) {
            throw new IOException(nearest.getPath() + " cannot be written to");
        }
    }
}
