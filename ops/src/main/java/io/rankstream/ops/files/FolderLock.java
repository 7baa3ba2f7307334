package io.rankstream.ops.files;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The claim of one process to a folder, by the lock of a file in it. The system takes it back when
 * the process ends, however it ends.
 */
public final class FolderLock implements Closeable {

    private final FileChannel mark;

    private FolderLock(FileChannel mark) {
        this.mark = mark;
    }

    /**
     * Claims a folder.
     *
     * @param mark file whose lock is the claim; it is made where it is missing, and stays
     * @return empty if another has the lock, in this process or any other
     */
    public static Optional<FolderLock> tryClaim(Path mark) throws IOException {
        FileChannel channel = FileChannel.open(mark, CREATE, WRITE);
        try {
            if (channel.tryLock() != null) {
                return Optional.of(new FolderLock(channel));
            }
        } catch (OverlappingFileLockException e) {
            // of this very process: as good as any other's
        }
        channel.close();
        return Optional.empty();
    }

    /** Lets another have the folder. */
    @Override
    public void close() throws IOException {
        mark.close();
    }
}
