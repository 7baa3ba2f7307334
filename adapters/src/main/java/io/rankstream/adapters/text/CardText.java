package io.rankstream.adapters.text;

import java.util.stream.IntStream;

/**
 * Text from data in the languages of a model card. Whatever the text is, it stays one value: it
 * ends no literal, cell, line or block. Letters of every script stay readable; what is invisible or
 * changes the direction of writing is escaped.
 */
public final class CardText {
    private CardText() {}

    /** A string literal of Python on one line. */
    public static String python(String text) {
        StringBuilder literal = new StringBuilder("\"");
        text.codePoints()
                .forEach(
                        c -> {
                            if (c == '"' || c == '\\') {
                                literal.append('\\').appendCodePoint(c);
                            } else if (isVisible(c)) {
                                literal.appendCodePoint(c);
                            } else {
                                literal.append(escaped(c));
                            }
                        });
        return literal.append('"').toString();
    }

    /** A double-quoted scalar of YAML on one line; half a surrogate pair is no character there. */
    public static String yaml(String text) {
        StringBuilder wellFormed = new StringBuilder();
        text.codePoints()
                .map(c -> Character.getType(c) == Character.SURROGATE ? 0xFFFD : c)
                .forEach(wellFormed::appendCodePoint);
        return python(wellFormed.toString());
    }

    /**
     * Text within a line of a paragraph, or of a table's cell, in Markdown, without any mark-up.
     * Only what would be mark-up is escaped, so that names stay what they are.
     */
    public static String markdown(String text) {
        StringBuilder cell = new StringBuilder();
        int[] characters = text.codePoints().toArray();
        for (int i = 0; i < characters.length; i++) {
            int c = characters[i];
            if (!isVisible(c)) {
                // The backslash itself is escaped, so that it is shown.
                cell.append('\\').append(escaped(c));
            } else if (isMarkUp(characters, i)) {
                cell.append('\\').appendCodePoint(c);
            } else {
                cell.appendCodePoint(c);
            }
        }
        return cell.toString();
    }

    /** Whether a character means something in GitHub's Markdown where it is. */
    private static boolean isMarkUp(int[] text, int at) {
        boolean isAfterWord = at > 0 && Character.isLetterOrDigit(text[at - 1]);
        boolean isBeforeWord = at + 1 < text.length && Character.isLetterOrDigit(text[at + 1]);
        return switch (text[at]) {
            case '\\', '`', '*', '[', '<', '|', '~', '$' -> true;
            case '_' -> !isAfterWord || !isBeforeWord;
            case '&' -> isBeforeWord || (at + 1 < text.length && text[at + 1] == '#');
            case '@' -> isAfterWord || isBeforeWord;
            case ':' -> at + 1 < text.length && text[at + 1] == '/';
            case '.' -> at > 2 && isWww(text, at);
            default -> false;
        };
    }

    private static boolean isWww(int[] text, int end) {
        return IntStream.range(end - 3, end).allMatch(i -> text[i] == 'w' || text[i] == 'W');
    }

    private static boolean isVisible(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR ->
                    false;
            default -> true;
        };
    }

    /** The same in Python and in YAML. */
    private static String escaped(int c) {
        return switch (c) {
            case '\n' -> "\\n";
            case '\r' -> "\\r";
            case '\t' -> "\\t";
            default -> (c > 0xFFFF ? "\\U%08x" : "\\u%04x").formatted(c);
        };
    }
}
