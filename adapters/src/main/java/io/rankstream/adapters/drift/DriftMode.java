package io.rankstream.adapters.drift;

/** What becomes of a change. */
public enum DriftMode {
    /** Nothing: nobody looks. */
    OFF,
    /** It is told. */
    WATCH,
    /** It is told, and the mixture learns the new quickly. */
    ANSWER
}
