package io.rankstream.adapters.text;

import java.util.List;
import java.util.stream.Collectors;

/** A value from the stream as an error message may show it: short and printable. */
public final class Excerpt {

    private static final int MOST_CHARACTERS = 200;
    private static final int MOST_VALUES = 20;

    private Excerpt() {}

    /** {@code value} in quotes, without control characters, cut after 200 characters. */
    public static String of(String value) {
        return "'" + printable(value, MOST_CHARACTERS) + "'";
    }

    /** The first of {@code values} as {@link #of} shows them, and how many more there are. */
    public static String ofAll(List<String> values) {
        String first =
                values.stream()
                        .limit(MOST_VALUES)
                        .map(Excerpt::of)
                        .collect(Collectors.joining(", "));
        int more = values.size() - MOST_VALUES;
        return more > 0 ? first + " and " + more + " more" : first;
    }

    /** {@code value} without control characters, cut after {@code most} characters. */
    public static String printable(String value, int most) {
        StringBuilder shown = new StringBuilder(Math.min(value.length(), most) + 1);
        cut(value, most).codePoints().forEach(point -> append(point, shown));
        return shown.toString();
    }

    /**
     * {@code value}, or its first {@code most} characters and an ellipsis. No character is halved.
     */
    public static String cut(String value, int most) {
        if (value.length() <= most) {
            return value;
        }
        boolean isHalved = most > 0 && Character.isHighSurrogate(value.charAt(most - 1));
        return value.substring(0, isHalved ? most - 1 : most) + "…";
    }

    private static void append(int point, StringBuilder shown) {
        switch (Character.getType(point)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR ->
                    shown.append("\\u{%x}".formatted(point));
            default -> shown.appendCodePoint(point);
        }
    }
}
