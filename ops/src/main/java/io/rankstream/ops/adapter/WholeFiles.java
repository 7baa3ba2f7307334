package io.rankstream.ops.adapter;

import io.rankstream.ops.files.Trees;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.SortedMap;
import java.util.stream.Stream;

/** Writes what a user asked for as a whole or not at all, and over nothing that is there. */
public final class WholeFiles {
    private WholeFiles() {}

    /**
     * Checks that {@link #writeFile} would not overwrite anything.
     *
     * @throws AdapterFileException if something is there already
     */
    public static void requireFree(Path file) throws AdapterFileException {
        if (Files.exists(file)) {
            throw new AdapterFileException(
                    file
                            + " exists already, and nothing is overwritten: choose another with --out");
        }
    }

    /**
     * Checks that {@link #writeFolder} would not overwrite anything.
     *
     * @throws AdapterFileException if something else than an empty folder is there already
     */
    public static void requireFreeFolder(Path folder) throws IOException, AdapterFileException {
        if (!Files.exists(folder)) {
            return;
        }
        if (!Files.isDirectory(folder)) {
            requireFree(folder);
        }
        try (Stream<Path> content = Files.list(folder)) {
            if (content.findAny().isPresent()) {
                throw new AdapterFileException(
                        folder
                                + " is not empty, and nothing is overwritten: choose another folder"
                                + " with --out");
            }
        }
    }

    /**
     * Writes a file; folders above it are made.
     *
     * @throws AdapterFileException if it exists or cannot be written
     */
    public static void writeFile(Path file, byte[] content) throws AdapterFileException {
        requireFree(file);
        Path target = file.toAbsolutePath();
        try {
            Files.createDirectories(target.getParent());
            Path part = Files.createTempFile(target.getParent(), ".rankstream-", ".part");
            try {
                Files.write(part, content);
                Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
            } finally {
                Files.deleteIfExists(part);
            }
        } catch (IOException e) {
            throw cannotBeWritten(file, e);
        }
    }

    /**
     * Writes a folder; folders above it are made.
     *
     * @param contents content by path in the folder, with {@code /} between folders
     * @throws AdapterFileException if it holds something or cannot be written
     */
    public static void writeFolder(Path folder, SortedMap<String, byte[]> contents)
            throws IOException, AdapterFileException {
        requireFreeFolder(folder);
        Path target = folder.toAbsolutePath();
        try {
            Files.createDirectories(target.getParent());
            Path part = Files.createTempDirectory(target.getParent(), ".rankstream-");
            try {
                for (Map.Entry<String, byte[]> file : contents.entrySet()) {
                    Path path = part.resolve(file.getKey());
                    Files.createDirectories(path.getParent());
                    Files.write(path, file.getValue());
                }
                Files.deleteIfExists(target);
                Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
            } finally {
                Trees.delete(part);
            }
        } catch (IOException e) {
            throw cannotBeWritten(folder, e);
        }
    }

    private static AdapterFileException cannotBeWritten(Path path, IOException e) {
        return new AdapterFileException(
                path + " cannot be written (" + e + "): choose another place with --out", e);
    }
}
