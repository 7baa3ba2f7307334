package io.rankstream.ops.send;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import io.rankstream.adapters.text.Excerpt;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Says in plain words what keeps a text from being a table, where a parser names its own parts. */
public final class TableFault {

    /** By what stands between columns, what people call such a table. */
    private static final Map<String, String> FORMS =
            Map.of(
                    ",", "comma-separated",
                    ";", "semicolon-separated",
                    "\t", "tab-separated",
                    "|", "separated by bars");

    private static final Pattern ASTRAY =
            Pattern.compile("Unexpected character \\('(.*?)' \\(code", Pattern.DOTALL);

    private TableFault() {}

    /**
     * What a table looks like whose first line is in one piece.
     *
     * @param columns those that were found in its first line
     * @return such as {@code tab-separated}; empty where there are several columns, or the one says
     *     nothing
     */
    public static Optional<String> otherForm(List<String> columns) {
        return columns.size() > 1
                ? Optional.empty()
                : FORMS.entrySet().stream()
                        .filter(form -> columns.get(0).contains(form.getKey()))
                        .map(Map.Entry::getValue)
                        .sorted()
                        .findFirst();
    }

    /** What was found and what was expected of CSV, some hundred characters on one line. */
    static String of(JsonProcessingException e) {
        if (e instanceof StreamConstraintsException) {
            return "a cell is longer than any text to learn from, expected fewer than 20,000,000 characters: is a quote open before it?";
        }
        String said = String.valueOf(e.getOriginalMessage());
        Matcher astray = ASTRAY.matcher(said);
        if (astray.lookingAt()) {
            return "found %s behind a closing quote, expected a comma or the end of the line; a quote within a cell is written twice"
                    .formatted(Excerpt.of(astray.group(1)));
        }
        if (said.contains("closing quote")) {
            return "a cell begins with a quote that nothing closes, expected a second one at its end";
        }
        return "what stands there cannot be read, expected cells with commas between them";
    }
}
