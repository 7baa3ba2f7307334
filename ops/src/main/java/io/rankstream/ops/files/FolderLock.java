package io.rankstream.ops.files;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The claim of one process to a folder, by the lock of a file in it. The system takes it back when
 * the process ends, however it ends. Safe for several threads.
 */
public final class FolderLock implements Closeable {

    /**
     * Files that this process has locked. It must not open one again: the system takes a lock back
     * as soon as its process closes the file once.
     */
    private static final Set<Path> OURS = ConcurrentHashMap.newKeySet();

    private final Path mark;
    private final FileChannel channel;

    private FolderLock(Path mark, FileChannel channel) {
        this.mark = mark;
        this.channel = channel;
    }

    /**
     * Claims a folder.
     *
     * @param mark file whose lock is the claim; it is made where it is missing, and stays
     * @return empty if another has the lock, in this process or any other
     * @throws java.nio.file.NoSuchFileException if there is no such folder
     */
    public static Optional<FolderLock> tryClaim(Path mark) throws IOException {
        Path file = mark.toAbsolutePath().getParent().toRealPath().resolve(mark.getFileName());
        if (!OURS.add(file)) {
            return Optional.empty();
        }
        FileChannel channel = null;
        boolean claimed = false;
        try {
            channel = FileChannel.open(file, CREATE, WRITE);
            claimed = channel.tryLock() != null;
            return claimed ? Optional.of(new FolderLock(file, channel)) : Optional.empty();
        } finally {
            if (!claimed) {
                letGo(file, channel);
            }
        }
    }

    /** Lets another have the folder. */
    @Override
    public void close() throws IOException {
        if (channel.isOpen()) {
            letGo(mark, channel);
        }
    }

    private static void letGo(Path file, FileChannel channel) throws IOException {
        try {
            if (channel != null) {
                channel.close();
            }
        } finally {
            OURS.remove(file);
        }
    }
}
