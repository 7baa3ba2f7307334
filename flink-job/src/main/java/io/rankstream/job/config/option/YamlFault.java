package io.rankstream.job.config.option;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.reader.ReaderException;

/**
 * Says in plain words what keeps a text from being YAML, where the parser names its own parts. The
 * text itself is never quoted, since it may hold a secret.
 */
final class YamlFault {

    /** What the parser says, with what that means. The first that fits counts. */
    private static final Map<Pattern, String> MEANINGS = meanings();

    private YamlFault() {}

    private static Map<Pattern, String> meanings() {
        Map<Pattern, String> meanings = new LinkedHashMap<>();
        put(meanings, "TAB", "a tab stands where a line is indented, expected blanks");
        put(
                meanings,
                "cannot start any token",
                "a value begins with a character of YAML's own, expected it in quotes");
        put(
                meanings,
                "mapping values are not allowed",
                "a colon stands where no key can be, expected one 'key: value' a line, with keys of a mapping equally far in");
        put(
                meanings,
                "sequence entries are not allowed",
                "an item '- ' stands behind its key, expected it on a line of its own");
        put(
                meanings,
                "unexpected end of stream|unexpected document separator",
                "a quote is opened and never closed");
        put(meanings, "expected ',' or '\\]'", "a list in brackets goes on without ',' or ']'");
        put(meanings, "expected ',' or '}'", "a mapping in braces goes on without ',' or '}'");
        put(
                meanings,
                "expected <block end>",
                "the line fits neither the one above nor the indentation, expected 'key: value' as far in as the other keys of its mapping");
        put(meanings, "could not find expected ':'", "a key has no ': ' behind it");
        put(
                meanings,
                "expected the node content",
                "a bracket, brace or comma stands where a value should begin, expected a value");
        put(meanings, "unknown escape", "a backslash in double quotes begins no escape of YAML");
        put(meanings, "Expected a field name", "a key is a list or a mapping, expected a name");
        put(
                meanings,
                "incompatible YAML|%YAML|directive",
                "a line with % names a version or directive that is not YAML 1, expected none");
        put(
                meanings,
                "<document start>",
                "more follows the end of the document, expected one document");
        put(
                meanings,
                "tag|expected '>'|found undefined tag handle",
                "a tag (!name) is not supported, expected the value alone");
        put(
                meanings,
                "unexpected character found|alias|anchor",
                "'*' or '&' stands before a value, expected the value in quotes");
        put(
                meanings,
                "chomping or indentation",
                "a text behind '|' or '>' begins in that line, expected it below");
        return meanings;
    }

    private static void put(Map<Pattern, String> meanings, String part, String meaning) {
        meanings.put(Pattern.compile(part), meaning);
    }

    /** What is wrong and what was expected. */
    static String of(JacksonException e) {
        if (e instanceof StreamConstraintsException) {
            return "mappings and lists lie deeper in each other, or names and values are longer, than any configuration, expected a few levels";
        }
        if (e.getCause() instanceof ReaderException) {
            return "it has a control character or half of a character, expected text";
        }
        String said =
                e.getCause() instanceof MarkedYAMLException marked
                        ? String.valueOf(marked.getProblem())
                        : String.valueOf(e.getOriginalMessage());
        return MEANINGS.entrySet().stream()
                .filter(each -> each.getKey().matcher(said).find())
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse("what stands there cannot be read, expected 'key: value'");
    }
}
