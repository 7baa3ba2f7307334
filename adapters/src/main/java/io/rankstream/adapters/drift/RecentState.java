package io.rankstream.adapters.drift;

import io.rankstream.adapters.weights.Sizes;
import java.util.Arrays;
import java.util.Objects;

/**
 * A {@link Relearning} as a value. Arrays are never modified after construction.
 *
 * @param vectors what the heads read of the newest examples, (examples, features), oldest first
 * @param rows those of their labels
 * @param changed how many of the newest are of after the change
 * @param left examples during which they are still relearned
 * @param next how many of them were relearned in the round that is on
 */
public record RecentState(float[] vectors, int[] rows, int changed, int left, int next) {

    /** Nothing yet. */
    static final RecentState EMPTY = new RecentState(new float[0], new int[0], 0, 0, 0);

    public RecentState {
        if (rows.length > Relearning.NEWEST
                || changed < 0
                || changed > rows.length
                || left < 0
                || left > Relearning.EXAMPLES
                || next < 0
                || next > changed) {
            throw new IllegalArgumentException(
                    "of %d newest examples, %d are of after a change, number %d is next, for %d more"
                            .formatted(rows.length, changed, next, left));
        }
        int features = rows.length == 0 ? 0 : Math.max(1, vectors.length / rows.length);
        Sizes.require("newest examples", vectors.length, rows.length * features);
        for (int row : rows) {
            if (row < 0) {
                throw new IllegalArgumentException(
                        "a newest example has the label of row %d, expected 0 or more"
                                .formatted(row));
            }
        }
    }

    /** Features of a vector; 0 where there is none. */
    public int features() {
        return rows.length == 0 ? 0 : vectors.length / rows.length;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof RecentState that
                && Arrays.equals(vectors, that.vectors)
                && Arrays.equals(rows, that.rows)
                && changed == that.changed
                && left == that.left
                && next == that.next;
    }

    @Override
    public int hashCode() {
        return Objects.hash(Arrays.hashCode(vectors), Arrays.hashCode(rows), changed, left, next);
    }
}
