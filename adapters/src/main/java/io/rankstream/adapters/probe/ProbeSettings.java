package io.rankstream.adapters.probe;

import java.io.Serializable;

/**
 * How an adapter finds out what it forgets.
 *
 * @param share of its examples that is withheld, from 0, which is none, to below 1
 * @param period examples after which probes are asked again, withheld ones included
 */
public record ProbeSettings(double share, int period) implements Serializable {

    /** Shortest period. */
    public static final int SHORTEST_PERIOD = 100;

    /** Those of an adapter unless said: nothing is withheld. */
    public static final ProbeSettings DEFAULTS = new ProbeSettings(0, 1000);

    public ProbeSettings {
        if (!(share >= 0 && share < 1) || period < SHORTEST_PERIOD) {
            throw new IllegalArgumentException(
                    "a share of %s is withheld in periods of %d examples, expected a share from 0 to below 1 and %d examples or more"
                            .formatted(share, period, SHORTEST_PERIOD));
        }
    }

    /** Whether anything is withheld. */
    public boolean probes() {
        return share > 0;
    }

    /**
     * Whether an example is withheld.
     *
     * @param draw a well-mixed number that its text gives
     */
    public boolean withholds(long draw) {
        return (draw >>> 11) * 0x1p-53 < share;
    }
}
