package io.rankstream.adapters.text;

/** Rule for labels: a label is written into outputs, files and pages, and read there by people. */
public final class LabelName {

    /** What a label may be, for messages. */
    public static final String RULE =
            "1 to 256 characters, not all blank, without control characters";

    private static final int MOST_CHARACTERS = 256;

    private LabelName() {}

    /** Whether {@code name} may be a label. */
    public static boolean isValid(String name) {
        return name.length() <= MOST_CHARACTERS && PlainText.isIn(name);
    }
}
