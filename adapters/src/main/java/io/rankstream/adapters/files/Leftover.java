package io.rankstream.adapters.files;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/**
 * What lies where a file of a model or an adapter was expected. A clone without git-LFS, a download
 * of the wrong address and a copy of links all leave something that bears the right name.
 */
public final class Leftover {

    /** Bytes at a file's beginning that tell what it is. */
    public static final int HEAD = 512;

    private static final String GET_IT = "download the file itself";

    private Leftover() {}

    /**
     * What {@code file} is instead, as the end of a sentence that begins with its name, once it was
     * found not to be what was expected.
     *
     * @return empty if nothing is known against the file
     */
    public static Optional<String> at(Path file) throws IOException {
        if (!Files.exists(file)) {
            return Files.isSymbolicLink(file)
                    ? Optional.of(
                            "is a link to %s, which is not there: copy the folder with what its links lead to (cp -rL)"
                                    .formatted(Files.readSymbolicLink(file)))
                    : Optional.empty();
        }
        Optional<String> obstacle = RegularFile.obstacle(file);
        if (obstacle.isPresent()) {
            return obstacle;
        }
        try (InputStream in = Files.newInputStream(file)) {
            return in(in.readNBytes(HEAD), Files.size(file));
        }
    }

    /**
     * What a file is instead, by its content, once it was found not to be what was expected: a
     * sound file may begin with the same bytes.
     *
     * @param head its first bytes, some hundred if there are as many
     * @param size all of its bytes
     * @return the end of a sentence that begins with the file's name; empty if nothing is known
     *     against it
     */
    public static Optional<String> in(byte[] head, long size) {
        if (size == 0) {
            return Optional.of("is empty: " + GET_IT + " again");
        }
        String text = new String(head, StandardCharsets.ISO_8859_1).strip();
        String lower = text.toLowerCase(Locale.ROOT);
        if (lower.startsWith("version https://git-lfs")
                || lower.startsWith("version https://hawser")
                || lower.startsWith("version http://git-media")) {
            return Optional.of(
                    "is a git-LFS pointer of %d bytes, not the file that it stands for: run 'git lfs pull' in its repository, or %s"
                            .formatted(size, GET_IT));
        }
        if (lower.startsWith("<")) {
            return Optional.of(
                    "is a web page or XML, as a server sends it in place of a file: "
                            + GET_IT
                            + ", on Hugging Face from /resolve/ and not from /blob/");
        }
        for (String answer : new String[] {"entry not found", "invalid ", "repository not found"}) {
            if (lower.startsWith(answer)) {
                return Optional.of(
                        "holds a server's answer ('%s'), not a file: %s"
                                .formatted(text.lines().findFirst().orElse("").strip(), GET_IT));
            }
        }
        return archive(text);
    }

    private static Optional<String> archive(String text) {
        if (text.startsWith("PK\u0003\u0004") || text.startsWith("\u0080\u0002")) {
            return Optional.of(
                    "is a zip archive or a pickle, as torch.save writes it, and is never read, since loading one executes code: save it with safetensors");
        }
        if (text.startsWith("GGUF")) {
            return Optional.of("is a GGUF file, which is not read: get the model's safetensors");
        }
        if (text.startsWith("\u0089HDF")) {
            return Optional.of(
                    "is an HDF5 file of TensorFlow, which is not read: get the model's safetensors");
        }
        if (text.startsWith("\u001f\u008b")) {
            return Optional.of("is compressed with gzip: unpack it");
        }
        return Optional.empty();
    }
}
