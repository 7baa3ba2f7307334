package io.rankstream.adapters.state;

import java.util.regex.Pattern;

/** Rule for adapter ids: an id becomes a key, a folder name and a metric label. */
public final class AdapterId {

    /** The rule as a sentence's end: "an adapter id is …". */
    public static final String RULE =
            "1 to 64 letters, digits, '.', '_' or '-', starting with a letter or digit, without"
                    + " '..'";

    private static final Pattern SAFE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");

    private AdapterId() {}

    /** Whether {@code id} may name an adapter. */
    public static boolean isValid(String id) {
        return SAFE.matcher(id).matches() && !id.contains("..");
    }
}
