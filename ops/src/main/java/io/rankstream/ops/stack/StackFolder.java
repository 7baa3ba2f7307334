package io.rankstream.ops.stack;

import io.rankstream.ops.files.FolderLock;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** Folder with the data and logs of a local stack, which one stack at a time may serve. */
public final class StackFolder implements Closeable {

    private static final String MARK = ".rankstream-stack";

    private final Path root;
    private final FolderLock lock;

    private StackFolder(Path root, FolderLock lock) {
        this.root = root;
        this.lock = lock;
    }

    /**
     * Takes the folder of an earlier stack, or makes one.
     *
     * @throws StackException if it holds something else, another stack serves it, or it cannot be
     *     written
     */
    public static StackFolder claim(Path path) throws StackException {
        Path root = path.toAbsolutePath().normalize();
        try {
            if (Files.exists(root) && !isOurs(root)) {
                throw new StackException(
                        root
                                + " is not empty and not the folder of a local stack: choose another"
                                + " with --folder");
            }
            Files.createDirectories(root);
            return new StackFolder(root, lock(root));
        } catch (StackException e) {
            throw e;
        } catch (IOException e) {
            throw new StackException(
                    root + " cannot be written (" + e + "): choose another folder with --folder",
                    e);
        }
    }

    private static FolderLock lock(Path root) throws IOException {
        return FolderLock.tryClaim(root.resolve(MARK))
                .orElseThrow(
                        () ->
                                new StackException(
                                        "another stack serves "
                                                + root
                                                + ": use it, end it, or choose another folder with --folder"));
    }

    private static boolean isOurs(Path root) throws IOException {
        if (!Files.isDirectory(root)) {
            return false;
        }
        try (Stream<Path> content = Files.list(root)) {
            return content.findAny().isEmpty() || Files.isRegularFile(root.resolve(MARK));
        }
    }

    /** The folder itself, absolute. */
    public Path root() {
        return root;
    }

    /** Topics and schemas. */
    public Path data() {
        return root.resolve("data");
    }

    /** Logs of both processes. */
    public Path logs() {
        return root.resolve("logs");
    }

    @Override
    public void close() throws IOException {
        lock.close();
    }
}
