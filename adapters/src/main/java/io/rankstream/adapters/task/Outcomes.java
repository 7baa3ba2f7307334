package io.rankstream.adapters.task;

import io.rankstream.adapters.weights.Sizes;
import java.util.Arrays;
import java.util.Objects;

/**
 * Which predictions were right: all of them counted, the newest one by one. Values are never
 * modified.
 *
 * @param examples examples predicted
 * @param right those whose prediction was right
 * @param newest outcomes of the newest examples as a ring of {@value #WINDOW} bits; that of example
 *     i (from 0) is bit i mod {@value #WINDOW}
 */
public record Outcomes(long examples, long right, long[] newest) {

    /** Newest examples whose outcomes are kept. */
    public static final int WINDOW = Score.WINDOW;

    /** None yet. */
    public static final Outcomes NONE =
            new Outcomes(0, 0, new long[(WINDOW + Long.SIZE - 1) / Long.SIZE]);

    public Outcomes {
        Sizes.require("window of outcomes", newest.length, (WINDOW + Long.SIZE - 1) / Long.SIZE);
    }

    /** These and one more. */
    public Outcomes plus(boolean hit) {
        long[] ring = newest.clone();
        int slot = (int) (examples % WINDOW);
        long bit = 1L << (slot % Long.SIZE);
        ring[slot / Long.SIZE] = hit ? ring[slot / Long.SIZE] | bit : ring[slot / Long.SIZE] & ~bit;
        return new Outcomes(examples + 1, right + (hit ? 1 : 0), ring);
    }

    /** These and then {@code later}'s. */
    public Outcomes followedBy(Outcomes later) {
        long counted = Math.max(0, later.examples - WINDOW);
        Outcomes both = new Outcomes(examples + counted, right, newest);
        for (long example = counted; example < later.examples; example++) {
            both = both.plus(later.isRight(example));
        }
        return new Outcomes(both.examples, right + later.right, both.newest);
    }

    private boolean isRight(long example) {
        int slot = (int) (example % WINDOW);
        return (newest[slot / Long.SIZE] >>> (slot % Long.SIZE) & 1) == 1;
    }

    /** Share of right predictions; NaN without any. */
    public double share() {
        return (double) right / examples;
    }

    /** Share of right predictions among the newest {@value #WINDOW}; NaN without any. */
    public double recentShare() {
        long hits = 0;
        for (long word : newest) {
            hits += Long.bitCount(word);
        }
        return (double) hits / Math.min(examples, WINDOW);
    }

    /**
     * Share of right predictions among the newest {@code count}, or all if there are fewer; NaN
     * without any.
     *
     * @param count 1 to {@value #WINDOW}
     */
    public double recentShare(int count) {
        long kept = Math.min(examples, count);
        int hits = 0;
        for (long example = examples - kept; example < examples; example++) {
            hits += isRight(example) ? 1 : 0;
        }
        return (double) hits / kept;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Outcomes that
                && examples == that.examples
                && right == that.right
                && Arrays.equals(newest, that.newest);
    }

    @Override
    public int hashCode() {
        return Objects.hash(examples, right, Arrays.hashCode(newest));
    }
}
