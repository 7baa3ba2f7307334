package io.rankstream.ops.send;

import com.fasterxml.jackson.databind.JsonNode;

/** What a file has next. */
public sealed interface SourceRecord {

    /** Line that it begins at, from 1. */
    long line();

    /** A value of JSON, or a row as an object of texts. */
    record Value(long line, JsonNode value) implements SourceRecord {}

    /**
     * Something that cannot be read; what follows may be.
     *
     * @param reason what is wrong with it
     */
    record Unreadable(long line, String reason) implements SourceRecord {}
}
