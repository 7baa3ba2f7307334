package io.rankstream.ops.demo;

import io.rankstream.ops.files.FolderLock;
import io.rankstream.ops.files.Trees;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Folder for what a demo leaves behind. A later demo replaces it, but never a folder of something
 * else.
 */
public final class OutputFolder implements Closeable {

    private static final String MARK = ".rankstream-demo";

    private final Path root;
    private final FolderLock lock;
    private final boolean replaced;

    private OutputFolder(Path root, FolderLock lock) {
        this.root = root;
        this.lock = lock;
        this.replaced = outputs().stream().anyMatch(Files::exists);
    }

    /**
     * Makes the folder, or empties it of an earlier demo's output. It is this demo's until closed,
     * or until the process ends.
     *
     * @throws OutputFolderException if it holds something else, is another running demo's or cannot
     *     be written
     */
    public static OutputFolder claim(Path path) throws OutputFolderException {
        Path root = path.toAbsolutePath().normalize();
        try {
            if (Files.exists(root) && !mayBeReplaced(root)) {
                throw new OutputFolderException(
                        root
                                + " is not empty and not the output of an earlier demo: choose"
                                + " another folder with --out");
            }
            Files.createDirectories(root);
            OutputFolder folder = new OutputFolder(root, lock(root));
            for (Path output : folder.outputs()) {
                Trees.delete(output);
            }
            Files.createDirectories(folder.logs());
            return folder;
        } catch (IOException e) {
            throw new OutputFolderException(
                    root + " cannot be written (" + e + "): choose another folder with --out");
        }
    }

    private static FolderLock lock(Path root) throws IOException, OutputFolderException {
        return FolderLock.tryClaim(root.resolve(MARK))
                .orElseThrow(
                        () ->
                                new OutputFolderException(
                                        "another demo is writing to "
                                                + root
                                                + ": wait for its end, or choose another folder with --out"));
    }

    /** Lets another demo have the folder; what is in it stays. */
    @Override
    public void close() throws IOException {
        lock.close();
    }

    /** The folder itself. */
    public Path root() {
        return root;
    }

    /** Whether the output of an earlier demo was in it, which is gone. */
    public boolean hasReplaced() {
        return replaced;
    }

    /** Configuration of the run. */
    public Path config() {
        return root.resolve("rankstream.yaml");
    }

    /** Published adapters. */
    public Path adapters() {
        return root.resolve("adapters");
    }

    /** Flink's checkpoints. */
    public Path checkpoints() {
        return root.resolve("checkpoints");
    }

    /** Logs of every process. */
    public Path logs() {
        return root.resolve("logs");
    }

    private List<Path> outputs() {
        return List.of(config(), adapters(), checkpoints(), logs());
    }

    private static boolean mayBeReplaced(Path root) throws IOException {
        if (!Files.isDirectory(root)) {
            return false;
        }
        try (Stream<Path> content = Files.list(root)) {
            return content.findAny().isEmpty() || Files.isRegularFile(root.resolve(MARK));
        }
    }
}
