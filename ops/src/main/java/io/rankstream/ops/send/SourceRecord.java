package io.rankstream.ops.send;

/** What a file has next. */
public sealed interface SourceRecord {

    /** Line that it begins at, from 1. */
    long line();

    /** A document of JSON, as it stands in the file or made of a row; it may be broken. */
    record Document(long line, byte[] json) implements SourceRecord {}

    /**
     * Something that is no document; what follows may be.
     *
     * @param reason what is wrong with it
     */
    record Unreadable(long line, String reason) implements SourceRecord {}
}
