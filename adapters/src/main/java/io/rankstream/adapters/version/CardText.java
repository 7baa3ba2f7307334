package io.rankstream.adapters.version;

/**
 * Text from data in the languages of a model card. Whatever the text is, it stays one value: it
 * ends no literal, cell, line or block. Letters of every script stay readable; what is invisible or
 * changes the direction of writing is escaped.
 */
final class CardText {
    private CardText() {}

    /** A string literal of Python on one line. */
    static String python(String text) {
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
    static String yaml(String text) {
        StringBuilder wellFormed = new StringBuilder();
        text.codePoints()
                .map(c -> Character.getType(c) == Character.SURROGATE ? 0xFFFD : c)
                .forEach(wellFormed::appendCodePoint);
        return python(wellFormed.toString());
    }

    /** Text of a paragraph or of a table's cell in Markdown, without any mark-up. */
    static String markdown(String text) {
        StringBuilder cell = new StringBuilder();
        text.codePoints()
                .forEach(
                        c -> {
                            if (!isVisible(c)) {
                                // The backslash itself is escaped, so that it is shown.
                                cell.append('\\').append(escaped(c));
                            } else if (isAsciiPunctuation(c)) {
                                cell.append('\\').appendCodePoint(c);
                            } else {
                                cell.appendCodePoint(c);
                            }
                        });
        return cell.toString();
    }

    private static boolean isAsciiPunctuation(int c) {
        return c > ' ' && c < 0x7F && !Character.isLetterOrDigit(c);
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
