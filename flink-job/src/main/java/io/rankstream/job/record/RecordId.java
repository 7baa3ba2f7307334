package io.rankstream.job.record;

import io.rankstream.adapters.text.Excerpt;
import io.rankstream.adapters.text.PlainText;

/**
 * Id that a producer gives to an example or a command. It comes back in what is written, so its
 * length has a limit.
 */
public final class RecordId {

    /** What an id that somebody chooses by hand may be, for messages. */
    public static final String PLAIN_RULE =
            "1 to 1,024 characters, not all blank, without control characters";

    /** What an id may be, for messages. */
    public static final String RULE = "at most 1,024 characters";

    private static final int MOST_CHARACTERS = 1_024;

    private RecordId() {}

    /** Whether {@code id} may be repeated in what is written. */
    public static boolean isValid(String id) {
        return id.length() <= MOST_CHARACTERS;
    }

    /** Whether {@code id} can be read, typed and found again as well. */
    public static boolean isPlain(String id) {
        return isValid(id) && PlainText.isIn(id);
    }

    /** {@code id} itself if it is valid; else its beginning and an ellipsis. */
    public static String shortened(String id) {
        return Excerpt.cut(id, MOST_CHARACTERS);
    }
}
