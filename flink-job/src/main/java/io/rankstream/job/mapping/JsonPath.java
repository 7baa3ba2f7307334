package io.rankstream.job.mapping;

import com.fasterxml.jackson.core.JsonPointer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Place of a value in a JSON document: names with dots between them and places in a list in
 * brackets, such as {@code body.parts[0].text}; or a JSON pointer (RFC 6901), which begins with a
 * slash and can name any key, such as {@code /body/parts/0/a.key.with.dots}.
 */
public final class JsonPath {

    /** What a path may be, for messages. */
    public static final String RULE =
            "a path such as body.text or parts[0].text, or a JSON pointer such as /body/text, in"
                    + " which ~0 stands for '~' and ~1 for '/'";

    private static final Pattern POINTER = Pattern.compile("([^~]|~[01])*");

    private static final Pattern NAME =
            Pattern.compile("(?<name>[^\\[\\]]+)(?<places>(\\[\\d{1,9}])*)");

    private static final Pattern PLACE = Pattern.compile("\\d+");

    private JsonPath() {}

    /** Whether {@code path} is one. */
    public static boolean isValid(String path) {
        try {
            pointer(path);
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /**
     * The pointer that {@code path} means.
     *
     * @throws IllegalArgumentException if it is no path
     */
    public static JsonPointer pointer(String path) {
        if (path.startsWith("/")) {
            if (!POINTER.matcher(path).matches()) {
                throw broken(path);
            }
            return JsonPointer.compile(path);
        }
        JsonPointer pointer = JsonPointer.empty();
        for (String part : path.split("\\.", -1)) {
            Matcher name = NAME.matcher(part);
            if (!name.matches()) {
                throw broken(path);
            }
            pointer = pointer.appendProperty(name.group("name"));
            Matcher places = PLACE.matcher(name.group("places"));
            while (places.find()) {
                pointer = pointer.appendIndex(Integer.parseInt(places.group()));
            }
        }
        return pointer;
    }

    private static IllegalArgumentException broken(String path) {
        return new IllegalArgumentException("is '%s', expected %s".formatted(path, RULE));
    }
}
