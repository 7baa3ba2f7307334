package io.rankstream.adapters.drift;

import java.io.Serializable;

/**
 * How an adapter looks for changes.
 *
 * @param mode what becomes of one
 * @param runLength examples that are expected at least between two false alarms
 */
public record DriftSettings(DriftMode mode, long runLength) implements Serializable {

    /** Those of an adapter unless said. */
    public static final DriftSettings DEFAULTS = new DriftSettings(DriftMode.ANSWER, 10_000);

    /** Fewest examples between two false alarms that can be asked for. */
    public static final long SHORTEST_RUN = 100;

    public DriftSettings {
        if (runLength < SHORTEST_RUN) {
            throw new IllegalArgumentException(
                    "a false alarm is expected every %d examples, expected %d or more"
                            .formatted(runLength, SHORTEST_RUN));
        }
    }

    /** Whether anybody looks. */
    public boolean watches() {
        return mode != DriftMode.OFF;
    }
}
