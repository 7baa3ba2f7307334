package io.rankstream.ops.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Folder for what a demo leaves behind. A later demo replaces it, but never a folder of something
 * else.
 */
public final class OutputFolder {

    private static final String MARK = ".rankstream-demo";

    private final Path root;

    private OutputFolder(Path root) {
        this.root = root;
    }

    /**
     * Makes the folder, or empties it of an earlier demo's output.
     *
     * @throws OutputFolderException if it holds something else or cannot be written
     */
    public static OutputFolder claim(Path path) throws OutputFolderException {
        Path root = path.toAbsolutePath().normalize();
        OutputFolder folder = new OutputFolder(root);
        try {
            if (Files.exists(root) && !folder.mayBeReplaced()) {
                throw new OutputFolderException(
                        root
                                + " is not empty and not the output of an earlier demo: choose"
                                + " another folder with --out");
            }
            Files.createDirectories(root);
            for (Path output : folder.outputs()) {
                Trees.delete(output);
            }
            Files.writeString(root.resolve(MARK), "Output of 'rankstream demo'.\n");
            Files.createDirectories(folder.logs());
            return folder;
        } catch (IOException e) {
            throw new OutputFolderException(
                    root + " cannot be written (" + e + "): choose another folder with --out");
        }
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

    private boolean mayBeReplaced() throws IOException {
        if (!Files.isDirectory(root)) {
            return false;
        }
        try (Stream<Path> content = Files.list(root)) {
            return content.findAny().isEmpty() || Files.isRegularFile(root.resolve(MARK));
        }
    }
}
