package io.rankstream.job.config.option;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;

/**
 * Reads a YAML document of mappings into its values, with the line of each. Everything that is
 * wrong becomes an error; after one of syntax nothing more is read.
 */
public final class YamlReader {

    private static final int MOST_CHARACTERS = 1_000_000;

    private final YAMLParser parser;
    private final Errors errors;
    private final List<Entry> entries = new ArrayList<>();

    private YamlReader(YAMLParser parser, Errors errors) {
        this.parser = parser;
        this.errors = errors;
    }

    /** Values of {@code yaml} in the order of the file. */
    public static List<Entry> read(String yaml, Errors errors) {
        if (yaml.length() > MOST_CHARACTERS) {
            errors.addUnreadable(
                    0,
                    "the file has %,d characters, expected a configuration of at most %,d; name another file"
                            .formatted(yaml.length(), MOST_CHARACTERS));
            return List.of();
        }
        try (YAMLParser parser = new YAMLFactory().createParser(yaml)) {
            YamlReader reader = new YamlReader(parser, errors);
            reader.readOrReport();
            return reader.entries;
        } catch (IOException e) {
            throw new UncheckedIOException("reading a text in memory", e);
        }
    }

    private void readOrReport() throws IOException {
        try {
            document();
        } catch (JacksonException e) {
            String problem = YamlFault.of(e);
            if (e.getCause() instanceof MarkedYAMLException marked) {
                Mark mark = marked.getProblemMark();
                report(mark.getLine() + 1, mark.getColumn() + 1, problem);
            } else {
                JsonLocation place =
                        e.getLocation() == null ? parser.currentLocation() : e.getLocation();
                report(place.getLineNr(), place.getColumnNr(), problem);
            }
        }
    }

    private void report(int line, int column, String problem) {
        errors.addUnreadable(
                line,
                ("not YAML at line %d, column %d: %s; correct the syntax there (values with"
                                + " ': ', ' #', '@' or braces need quotes)")
                        .formatted(line, column, problem));
    }

    private void document() throws IOException {
        JsonToken first = parser.nextToken();
        if (first == null) {
            return;
        }
        if (first != JsonToken.START_OBJECT) {
            errors.addUnreadable(
                    line(),
                    "the file is no mapping, expected lines such as 'kafka.group-id: rankstream'");
            return;
        }
        mapping(List.of());
        if (parser.nextToken() != null) {
            errors.add(line(), "a second document begins here, expected one; remove the '---'");
        }
    }

    private void mapping(List<String> path) throws IOException {
        Set<String> names = new HashSet<>();
        boolean empty = true;
        int start = line();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            empty = false;
            named(path, parser.currentName(), names);
        }
        if (empty && !path.isEmpty()) {
            entries.add(new Entry(path, List.of(), false, start));
        }
    }

    private void named(List<String> parent, String name, Set<String> siblings) throws IOException {
        List<String> path = new ArrayList<>(parent);
        path.add(name);
        int line = line();
        parser.nextToken();
        if (!siblings.add(name)) {
            errors.add(
                    line,
                    String.join(".", path) + " is given twice in one mapping; keep one of the two");
            parser.skipChildren();
            return;
        }
        value(path, line);
    }

    private void value(List<String> path, int line) throws IOException {
        switch (parser.currentToken()) {
            case START_OBJECT -> mapping(path);
            case START_ARRAY -> list(path, line);
            case VALUE_NULL -> entries.add(new Entry(path, List.of(), false, line));
            default -> entries.add(new Entry(path, List.of(text(path)), false, line));
        }
    }

    private void list(List<String> path, int line) throws IOException {
        List<String> texts = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            if (parser.currentToken().isStructStart()) {
                errors.add(
                        line(),
                        String.join(".", path)
                                + " has a list or mapping within its list, expected plain values");
                parser.skipChildren();
            } else if (parser.currentToken() == JsonToken.VALUE_NULL) {
                errors.add(
                        line(),
                        String.join(".", path)
                                + " has an empty item in its list; remove it, or quote it if it is a"
                                + " text");
            } else {
                texts.add(text(path));
            }
        }
        entries.add(new Entry(path, texts, true, line));
    }

    /** Text of a scalar as it stands in the file: 1.10 stays 1.10. */
    private String text(List<String> path) throws IOException {
        if (parser.isCurrentAlias()) {
            errors.add(
                    line(),
                    String.join(".", path)
                            + " is an alias (*name), which is not supported; write the value itself");
        }
        return parser.getText();
    }

    private int line() {
        return parser.currentTokenLocation().getLineNr();
    }
}
