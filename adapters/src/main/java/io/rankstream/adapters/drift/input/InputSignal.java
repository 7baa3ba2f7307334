package io.rankstream.adapters.drift.input;

/** What is watched of inputs, before any label is looked at. */
public enum InputSignal {
    /** How probable the adapter finds what it says. */
    CONFIDENCE,
    /** Where the vector that its heads read lies. */
    EMBEDDING
}
