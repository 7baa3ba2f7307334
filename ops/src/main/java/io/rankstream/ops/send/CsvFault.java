package io.rankstream.ops.send;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import io.rankstream.adapters.text.Excerpt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Says in plain words what keeps a text from being CSV, where the parser names its own parts. */
final class CsvFault {

    private static final Pattern ASTRAY =
            Pattern.compile("Unexpected character \\('(.*?)' \\(code", Pattern.DOTALL);

    private CsvFault() {}

    /** What was found and what was expected, some hundred characters on one line. */
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
