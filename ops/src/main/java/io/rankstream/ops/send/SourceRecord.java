package io.rankstream.ops.send;

/** What a file has next. */
public sealed interface SourceRecord {

    /** Line that it begins at, from 1. */
    long line();

    /** Where people find it in the file, such as {@code line 3}. */
    String place();

    /** A place that is a line by itself. */
    static String atLine(long line) {
        return "line %,d".formatted(line);
    }

    /** A document of JSON, as it stands in the file or made of a row; it may be broken. */
    record Document(long line, String place, byte[] json) implements SourceRecord {

        /** One whose line is its place. */
        public Document(long line, byte[] json) {
            this(line, atLine(line), json);
        }
    }

    /**
     * Something that is no document; what follows may be.
     *
     * @param reason what is wrong with it
     */
    record Unreadable(long line, String place, String reason) implements SourceRecord {

        /** One whose line is its place. */
        public Unreadable(long line, String reason) {
            this(line, atLine(line), reason);
        }
    }
}
