package io.rankstream.adapters.files;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;

/** Reads files that have an end: a pipe or a device may keep its reader waiting for ever. */
public final class RegularFile {

    private RegularFile() {}

    /**
     * Content of a file.
     *
     * @param most bytes that it may have
     * @throws IrregularFileException if it is no regular file or has more bytes
     * @throws IOException if it is not there or cannot be read
     */
    public static byte[] read(Path file, int most) throws IOException {
        require(file);
        try (InputStream in = Files.newInputStream(file)) {
            byte[] content = in.readNBytes(most);
            if (in.read() >= 0) {
                throw new IrregularFileException(
                        file, "has more than %,d bytes, expected a smaller file".formatted(most));
            }
            return content;
        }
    }

    /**
     * Makes sure that a file is one that can be read to its end.
     *
     * @throws IrregularFileException if it is not
     * @throws IOException if it is not there or cannot be looked at
     */
    public static void require(Path file) throws IOException {
        Optional<String> obstacle = obstacle(file);
        if (obstacle.isPresent()) {
            throw new IrregularFileException(file, obstacle.get());
        }
    }

    /**
     * Why a file cannot be read to its end, as the end of a sentence that begins with its name;
     * empty if it can.
     *
     * @throws IOException if it is not there or cannot be looked at
     */
    static Optional<String> obstacle(Path file) throws IOException {
        BasicFileAttributes found = Files.readAttributes(file, BasicFileAttributes.class);
        if (found.isRegularFile()) {
            return Optional.empty();
        }
        return Optional.of(
                found.isDirectory()
                        ? "is a folder, expected a file"
                        : "is a pipe, a socket or a device, expected a regular file");
    }
}
