package io.rankstream.adapters.replay;

import java.io.Serializable;

/**
 * What an adapter learns from again.
 *
 * @param share kept examples that are learned from for each new one; 0 keeps none
 * @param maxBytes most bytes of kept examples
 */
public record ReplaySettings(double share, int maxBytes) implements Serializable {

    /** Largest share that can be asked for. */
    public static final double LARGEST_SHARE = 8;

    /** Fewest bytes that can be asked for. */
    public static final int FEWEST_BYTES = 64 * 1024;

    /** Most bytes that can be asked for: all of them are written with every checkpoint. */
    public static final int MOST_BYTES = 64 * 1024 * 1024;

    /** Those of an adapter unless said. */
    public static final ReplaySettings DEFAULTS = new ReplaySettings(0, 256 * 1024);

    public ReplaySettings {
        if (!(share >= 0 && share <= LARGEST_SHARE)) {
            throw new IllegalArgumentException(
                    "%s kept examples are replayed for each new one, expected 0 to %s"
                            .formatted(share, LARGEST_SHARE));
        }
        if (maxBytes < FEWEST_BYTES || maxBytes > MOST_BYTES) {
            throw new IllegalArgumentException(
                    "%d bytes of examples are kept, expected %d to %d"
                            .formatted(maxBytes, FEWEST_BYTES, MOST_BYTES));
        }
    }

    /** Whether anything is kept. */
    public boolean replays() {
        return share > 0;
    }
}
