package io.rankstream.adapters.text;

import java.util.Optional;

/** Tells a text from one that merely is not of length zero. */
public final class VisibleText {

    private VisibleText() {}

    /** Whether any character of {@code text} leaves a trace on paper. */
    public static boolean isIn(String text) {
        return text.codePoints().anyMatch(VisibleText::isVisible);
    }

    /** Whether either text of a pair has such a character; one of them may be empty. */
    public static boolean isIn(String text, Optional<String> pair) {
        return isIn(text) || pair.filter(VisibleText::isIn).isPresent();
    }

    /** Says that {@code text} has nothing that can be seen. */
    public static String missingIn(String text) {
        return "the text of %s has none that can be seen, expected something to read"
                .formatted(Amount.of(text.length(), "character"));
    }

    private static boolean isVisible(int point) {
        return switch (Character.getType(point)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.UNASSIGNED,
                    Character.SPACE_SEPARATOR,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR ->
                    false;
            default -> !isBlankLetter(point);
        };
    }

    /** Letters, marks and symbols of Unicode that are defined to show nothing. */
    private static boolean isBlankLetter(int point) {
        return switch (point) {
            case 0x034F, // combining grapheme joiner
                    0x115F, // Hangul fillers
                    0x1160,
                    0x3164,
                    0xFFA0,
                    0x17B4, // Khmer inherent vowels
                    0x17B5,
                    0x2800 -> // Braille pattern blank
                    true;
            default ->
                    (point >= 0xFE00 && point <= 0xFE0F) // variation selectors
                            || (point >= 0xE0100 && point <= 0xE01EF);
        };
    }
}
