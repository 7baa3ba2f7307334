package io.rankstream.adapters.task;

/** How the token vectors of a text become the one vector that the head reads. */
public enum Pooling {
    /** Mean over the text's tokens, padding left out. */
    MEAN,
    /** Vector of the first token. */
    CLS
}
