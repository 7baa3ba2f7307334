package io.rankstream.adapters.drift;

/** What is seen of an example before it is learned from, and when it is a surprise. */
public enum Watched {
    /** 1 where the prediction was wrong, else 0: a surprise as it is. */
    ERRORS,

    /** Loss of the example: a surprise where it is among the highest tenth of the newest ones. */
    LOSSES,

    /**
     * Probability of the label that was found most probable, which needs no label to be known: a
     * surprise where it is among the lowest tenth of the newest ones.
     */
    CONFIDENCES;

    /** Share of past losses that a surprising one exceeds. */
    static final double HIGH = .9;

    /** The value by which it is ranked: the higher, the worse. */
    double badness(double value) {
        // Adding zero makes one of the two zeros.
        return switch (this) {
            case ERRORS, LOSSES -> value + 0.0;
            case CONFIDENCES -> 0.0 - value;
        };
    }

    /** Refuses what cannot be such a value, before anything learns from it. */
    void require(double value) {
        boolean valid = this == LOSSES ? Double.isFinite(value) : value >= 0 && value <= 1;
        if (!valid) {
            throw new IllegalArgumentException(
                    switch (this) {
                                case ERRORS -> "an error must be 0 to 1";
                                case LOSSES -> "a loss must be finite";
                                case CONFIDENCES -> "a confidence must be 0 to 1";
                            }
                            + ", but is "
                            + value);
        }
    }
}
