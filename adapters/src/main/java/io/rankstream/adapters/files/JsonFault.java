package io.rankstream.adapters.files;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.JsonMappingException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Says in plain words what keeps a text from being JSON, where the parser names its own parts. */
public final class JsonFault {

    private static final int MOST_SHOWN = 40;

    private static final String VALUE =
            "a text in double quotes, a number, an object, a list, true, false or null";

    /** What the parser says, by its beginning, with what that means. The first that fits counts. */
    private static final Map<Pattern, Function<MatchResult, String>> MEANINGS = meanings();

    private JsonFault() {}

    private static Map<Pattern, Function<MatchResult, String>> meanings() {
        Map<Pattern, Function<MatchResult, String>> meanings = new LinkedHashMap<>();
        put(
                meanings,
                "Unexpected end-of-input",
                found -> "it ends before what was begun is closed");
        put(
                meanings,
                "Unrecognized token '(.*?)': was",
                found -> "found %s, expected %s".formatted(shown(found.group(1)), VALUE));
        put(
                meanings,
                "Non-standard token '(.*?)'",
                found -> "found %s, which is no number in JSON".formatted(shown(found.group(1))));
        put(
                meanings,
                "Illegal unquoted character",
                found ->
                        "a text holds a line break, a tab or another control character, expected it escaped, such as \\n");
        put(meanings, "Illegal character", found -> "found a control character, expected " + VALUE);
        put(
                meanings,
                "Unrecognized character escape '(.)'",
                found ->
                        "found \\%s in a text, expected one of \\\" \\\\ \\/ \\b \\f \\n \\r \\t \\uXXXX"
                                .formatted(shown(found.group(1))));
        put(
                meanings,
                "Unexpected close marker '(.)': expected '(.)'",
                found ->
                        "found '%s', expected '%s'"
                                .formatted(shown(found.group(1)), found.group(2)));
        put(
                meanings,
                "Unexpected close marker '(.)'",
                found -> "found '%s', which closes nothing".formatted(shown(found.group(1))));
        put(meanings, "Trailing token", found -> "there is more after its end");
        put(
                meanings,
                "Invalid numeric value|Unexpected character .* in numeric value",
                found -> "a number is not written as in JSON, expected one such as 0, -1.5 or 1e9");
        put(
                meanings,
                "Unexpected character \\('(.)'.*?\\)(.*)",
                found ->
                        "found '%s', expected %s"
                                .formatted(shown(found.group(1)), expected(found.group(2))));
        put(
                meanings,
                "Duplicate field '(.*?)'",
                found -> "the field %s stands there twice".formatted(shown(found.group(1))));
        put(
                meanings,
                "Invalid UTF-8|.*surrogate",
                found -> "what stands there is no character, expected text in UTF-8");
        return meanings;
    }

    private static void put(
            Map<Pattern, Function<MatchResult, String>> meanings,
            String beginning,
            Function<MatchResult, String> meaning) {
        meanings.put(Pattern.compile(beginning, Pattern.DOTALL), meaning);
    }

    private static String expected(String said) {
        if (said.contains("start field name")) {
            return "a field's name in double quotes";
        }
        if (said.contains("a colon")) {
            return "a colon behind the field's name";
        }
        if (said.contains("Object entries")) {
            return "a comma or '}'";
        }
        if (said.contains("Array entries")) {
            return "a comma or ']'";
        }
        if (said.contains("hex-digit")) {
            return "four hexadecimal digits behind \\u";
        }
        return VALUE;
    }

    /**
     * What is wrong, to follow "it is not JSON" without a blank: place, what was found, what was
     * expected. Some hundred characters on one line.
     */
    public static String of(JsonProcessingException e) {
        JsonLocation at = e.getLocation();
        String place =
                at == null || at.getLineNr() < 1
                        ? ": "
                        : " at line %d, column %d: ".formatted(at.getLineNr(), at.getColumnNr());
        return place + meaning(e);
    }

    private static String meaning(JsonProcessingException e) {
        String said = String.valueOf(e.getOriginalMessage());
        if (e instanceof StreamConstraintsException) {
            return limit(said);
        }
        for (Map.Entry<Pattern, Function<MatchResult, String>> each : MEANINGS.entrySet()) {
            Matcher found = each.getKey().matcher(said);
            if (found.lookingAt()) {
                return each.getValue().apply(found);
            }
        }
        if (e instanceof JsonMappingException mapping) {
            String path =
                    mapping.getPath().stream()
                            .map(JsonMappingException.Reference::getFieldName)
                            .filter(name -> name != null)
                            .collect(Collectors.joining("."));
            return path.isEmpty()
                    ? "it lacks fields, or they are of another type than is expected"
                    : "the field %s is not known, or not of the type that is expected"
                            .formatted(shown(path));
        }
        return "what stands there cannot be read, expected " + VALUE;
    }

    private static String limit(String said) {
        Matcher numbers = Pattern.compile("\\((\\d+)\\).*?\\((\\d+)").matcher(said);
        String most = numbers.find() ? numbers.group(2) : "fewer";
        if (said.contains("depth")) {
            return "objects and lists lie deeper in each other than %s levels".formatted(most);
        }
        if (said.contains("Number")) {
            return "a number has more than %s digits".formatted(most);
        }
        if (said.contains("Name")) {
            return "a field's name has more than %s characters".formatted(most);
        }
        return "it is longer than %s characters".formatted(most);
    }

    private static String shown(String found) {
        String cut = found.length() <= MOST_SHOWN ? found : found.substring(0, MOST_SHOWN) + "…";
        return cut.replaceAll("\\p{C}", "\uFFFD");
    }
}
