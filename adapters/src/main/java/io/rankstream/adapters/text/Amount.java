package io.rankstream.adapters.text;

import java.util.Locale;

/** A number of things in words: {@code 1 example}, {@code 2,000 examples}. */
public final class Amount {

    private Amount() {}

    /** {@code number} of what {@code one} names; an 's' makes more of it. */
    public static String of(long number, String one) {
        return of(number, one, one + "s");
    }

    /** {@code number} of what {@code one} names for 1, and {@code more} for any other. */
    public static String of(long number, String one, String more) {
        return String.format(Locale.ROOT, "%,d %s", number, number == 1 ? one : more);
    }
}
