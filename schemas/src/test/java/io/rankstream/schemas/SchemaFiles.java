package io.rankstream.schemas;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.avro.Schema;

/** The schema files of this module, read from its folder. */
final class SchemaFiles {

    static final Path CURRENT = Path.of("src/main/avro");

    /** Types that files after them name, as the build hands them to them. */
    private static final List<Path> SHARED =
            List.of(
                    CURRENT.resolve("CommandAnswer.avsc"),
                    CURRENT.resolve("Forgetting.avsc"),
                    CURRENT.resolve("Span.avsc"),
                    CURRENT.resolve("LabelVote.avsc"));

    /** One folder per release. A release copies {@link #CURRENT} to the next one; none changes. */
    static final Path RELEASED = Path.of("src/test/resources/released");

    private SchemaFiles() {}

    static List<Path> in(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> file.toString().endsWith(".avsc")).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The schema of a file, with the types that it takes from {@link #SHARED}. */
    static Schema read(Path file) {
        try {
            Schema.Parser parser = new Schema.Parser();
            if (file.startsWith(CURRENT)) {
                for (Path shared : SHARED.stream().takeWhile(each -> !each.equals(file)).toList()) {
                    parser.parse(Files.readString(shared));
                }
            }
            return parser.parse(Files.readString(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
