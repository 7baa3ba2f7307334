package io.rankstream.ops.labelstudio.api;

import java.util.regex.Pattern;

/**
 * The token of a user of Label Studio: a personal access token, which buys short-lived ones, or a
 * legacy one, which is sent itself.
 */
public final class ApiToken {

    /** A JSON Web Token, as personal access tokens are. */
    private static final Pattern PERSONAL =
            Pattern.compile("[A-Za-z0-9_-]+[.][A-Za-z0-9_-]+[.][A-Za-z0-9_-]+");

    private static final Pattern PRINTABLE = Pattern.compile("[!-~]+");

    private final String value;

    private ApiToken(String value) {
        this.value = value;
    }

    /**
     * The token in {@code text}, around which there may be blanks.
     *
     * @throws IllegalArgumentException if it holds none; the message does not repeat it
     */
    public static ApiToken of(String text) {
        String value = text.strip();
        if (!PRINTABLE.matcher(value).matches()) {
            throw new IllegalArgumentException(
                    value.isEmpty()
                            ? "is empty"
                            : "holds more than one token, or no token: expected one word");
        }
        return new ApiToken(value);
    }

    boolean isPersonal() {
        return PERSONAL.matcher(value).matches();
    }

    String value() {
        return value;
    }

    /** Does not show the token. */
    @Override
    public String toString() {
        return isPersonal() ? "a personal access token" : "a legacy token";
    }
}
