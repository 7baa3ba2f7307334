package io.rankstream.adapters.tokens;

/** How a text is read for what is to be said of it. */
public enum Reading {
    /** As a whole: nothing is said of its parts. */
    WHOLE,
    /** With the {@linkplain Passage places} of its tokens. A second text is read beside it. */
    PLACED,
    /**
     * As a question, and the passage in which the answer is looked for. A passage that is too long
     * is read in {@linkplain Passage#further windows} that overlap, each after the question.
     */
    WINDOWS
}
