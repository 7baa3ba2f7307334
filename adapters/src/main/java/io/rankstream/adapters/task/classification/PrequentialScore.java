package io.rankstream.adapters.task.classification;

import io.rankstream.adapters.weights.Sizes;
import java.util.Arrays;
import java.util.Objects;

/**
 * Test-then-train score of one adapter: every example is predicted before it is trained on. Arrays
 * are never modified after construction.
 *
 * @param examples examples scored
 * @param correct examples whose prediction was right
 * @param labelCounts examples seen of each label, retired ones included
 * @param window outcomes of the newest examples as a ring of {@value #WINDOW} bits; the outcome of
 *     example i (from 0) is bit i mod {@value #WINDOW}
 */
public record PrequentialScore(long examples, long correct, long[] labelCounts, long[] window) {

    /** Examples that the windowed accuracy looks back on. */
    public static final int WINDOW = 1000;

    private static final int WINDOW_WORDS = (WINDOW + Long.SIZE - 1) / Long.SIZE;

    public PrequentialScore {
        Sizes.require("window of outcomes", window.length, WINDOW_WORDS);
    }

    /** A score of no example. */
    public static PrequentialScore empty(int labels) {
        return new PrequentialScore(0, 0, new long[labels], new long[WINDOW_WORDS]);
    }

    /** This score with one more batch; {@code predicted[i]} was said of {@code labels[i]}. */
    public PrequentialScore plus(int[] labels, int[] predicted) {
        long[] counts = labelCounts.clone();
        long[] ring = window.clone();
        long seen = examples;
        long right = correct;
        for (int i = 0; i < labels.length; i++) {
            boolean hit = labels[i] == predicted[i];
            int slot = (int) (seen % WINDOW);
            long bit = 1L << (slot % Long.SIZE);
            ring[slot / Long.SIZE] =
                    hit ? ring[slot / Long.SIZE] | bit : ring[slot / Long.SIZE] & ~bit;
            counts[labels[i]]++;
            seen++;
            right += hit ? 1 : 0;
        }
        return new PrequentialScore(seen, right, counts, ring);
    }

    /** The same with counts for {@code labels} labels, of which the new ones were never seen. */
    public PrequentialScore withLabels(int labels) {
        return new PrequentialScore(examples, correct, Arrays.copyOf(labelCounts, labels), window);
    }

    /** Share of right predictions over all examples; NaN without any. */
    public double accuracy() {
        return (double) correct / examples;
    }

    /** Share of right predictions over the newest {@value #WINDOW} examples; NaN without any. */
    public double recentAccuracy() {
        long hits = 0;
        for (long word : window) {
            hits += Long.bitCount(word);
        }
        return (double) hits / Math.min(examples, WINDOW);
    }

    /**
     * Share of right predictions over the newest {@code newest} examples, or all if there are
     * fewer; NaN without any.
     *
     * @param newest 1 to {@value #WINDOW}
     */
    public double recentAccuracy(int newest) {
        int count = (int) Math.min(examples, newest);
        int hits = 0;
        for (long example = examples - count; example < examples; example++) {
            int slot = (int) (example % WINDOW);
            hits += (int) (window[slot / Long.SIZE] >>> (slot % Long.SIZE)) & 1;
        }
        return (double) hits / count;
    }

    /** Examples of the label that turned out most frequent. */
    public long majority() {
        return Arrays.stream(labelCounts).max().orElse(0);
    }

    /** Accuracy of always saying the label that turned out most frequent; NaN without examples. */
    public double majorityAccuracy() {
        return (double) majority() / examples;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof PrequentialScore that
                && examples == that.examples
                && correct == that.correct
                && Arrays.equals(labelCounts, that.labelCounts)
                && Arrays.equals(window, that.window);
    }

    @Override
    public int hashCode() {
        return Objects.hash(
                examples, correct, Arrays.hashCode(labelCounts), Arrays.hashCode(window));
    }
}
