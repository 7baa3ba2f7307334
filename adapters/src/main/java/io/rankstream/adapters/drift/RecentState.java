package io.rankstream.adapters.drift;

import java.util.Arrays;

/**
 * The newest values that a {@link Recent} ranks the next one among. The array is never modified
 * after construction.
 *
 * @param values oldest first, at most {@value #MOST}
 */
public record RecentState(double[] values) {

    /** Enough for a tenth to be told within .015; 4 KB an adapter. */
    public static final int MOST = 500;

    /** One that has seen nothing. */
    public static final RecentState EMPTY = new RecentState(new double[0]);

    public RecentState {
        if (values.length > MOST) {
            throw new IllegalArgumentException(
                    "recent values are " + values.length + ", expected at most " + MOST);
        }
        for (double value : values) {
            if (!Double.isFinite(value)) {
                throw new IllegalArgumentException(
                        "a recent value is " + value + ", expected a finite one");
            }
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof RecentState that && Arrays.equals(values, that.values);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(values);
    }
}
