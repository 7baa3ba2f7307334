package io.rankstream.adapters.drift;

import io.rankstream.adapters.drift.detector.DetectorKind;
import java.io.Serializable;

/**
 * How an adapter looks for changes.
 *
 * @param mode what becomes of one
 * @param detector what notices one
 * @param runLength examples that are expected at least between two false alarms
 * @param inputs whether inputs are watched too, see {@link
 *     io.rankstream.adapters.drift.input.InputWatch}; not where nobody looks
 */
public record DriftSettings(DriftMode mode, DetectorKind detector, long runLength, boolean inputs)
        implements Serializable {

    /** Those of an adapter unless said. */
    public static final DriftSettings DEFAULTS =
            new DriftSettings(DriftMode.ANSWER, DetectorKind.CUSUM, 10_000, false);

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
