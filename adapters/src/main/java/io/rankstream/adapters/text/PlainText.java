package io.rankstream.adapters.text;

/** Tells a name that people can read, type and find again. */
public final class PlainText {

    private PlainText() {}

    /** Whether {@code text} is not blank and has neither control characters nor half characters. */
    public static boolean isIn(String text) {
        return hasNoControl(text) && !text.codePoints().allMatch(PlainText::isBlank);
    }

    /** Whether {@code text} has neither control characters nor half characters. */
    public static boolean hasNoControl(String text) {
        return text.codePoints().noneMatch(PlainText::isControl);
    }

    private static boolean isControl(int point) {
        return switch (Character.getType(point)) {
            case Character.CONTROL,
                    Character.SURROGATE,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR ->
                    true;
            default -> false;
        };
    }

    private static boolean isBlank(int point) {
        return Character.isWhitespace(point)
                || Character.isSpaceChar(point)
                || Character.getType(point) == Character.FORMAT;
    }
}
