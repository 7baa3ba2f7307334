package io.rankstream.adapters.task.classification;

import io.rankstream.adapters.task.Score;
import io.rankstream.adapters.weights.Sizes;
import java.util.Arrays;
import java.util.Objects;

/**
 * Which label was true and which was said of each of the newest {@value Score#WINDOW} examples.
 * Arrays are never modified after construction.
 *
 * @param examples examples so far
 * @param labels rows of the head
 * @param words a ring, as long as there are examples; that of example i (from 0) is at i mod
 *     {@value Score#WINDOW}. A pair is the row of what was true, in the lower bits, and of what was
 *     said, in 1, 2, 4, 8, 16 or 32 bits each, the fewest in which all rows fit; a word of 64 bits
 *     has as many pairs as it can, from the lowest bits on
 */
record NewestPairs(long examples, int labels, long[] words) {

    NewestPairs {
        Sizes.require("window of what was said", words.length, words(bits(labels), kept(examples)));
    }

    static NewestPairs none(int labels) {
        return new NewestPairs(0, labels, new long[0]);
    }

    /** Bits of a row. */
    private static int bits(int labels) {
        int needed = Integer.SIZE - Integer.numberOfLeadingZeros(Math.max(1, labels - 1));
        return needed == 1 ? 1 : 2 * Integer.highestOneBit(needed - 1);
    }

    private static int kept(long examples) {
        return (int) Math.min(examples, Score.WINDOW);
    }

    private static int words(int bits, int pairs) {
        int perWord = Long.SIZE / (2 * bits);
        return (pairs + perWord - 1) / perWord;
    }

    /** Examples whose pairs are known. */
    int kept() {
        return kept(examples);
    }

    NewestPairs plus(int[] targets, int[] said) {
        int bits = bits(labels);
        long all = examples + targets.length;
        long[] ring = Arrays.copyOf(words, words(bits, kept(all)));
        for (int i = 0; i < targets.length; i++) {
            put(ring, bits, examples + i, targets[i], said[i]);
        }
        return new NewestPairs(all, labels, ring);
    }

    /** These and then {@code later}'s, which are of as many labels. */
    NewestPairs followedBy(NewestPairs later) {
        int bits = bits(labels);
        long all = examples + later.examples;
        long[] ring = Arrays.copyOf(words, words(bits, kept(all)));
        for (long i = later.examples - later.kept(); i < later.examples; i++) {
            put(ring, bits, examples + i, later.target(i), later.said(i));
        }
        return new NewestPairs(all, labels, ring);
    }

    /** The same for at least as many labels. */
    NewestPairs withLabels(int more) {
        int bits = bits(more);
        if (bits == bits(labels)) {
            return new NewestPairs(examples, more, words);
        }
        long[] ring = new long[words(bits, kept())];
        for (long i = examples - kept(); i < examples; i++) {
            put(ring, bits, i, target(i), said(i));
        }
        return new NewestPairs(examples, more, ring);
    }

    private static void put(long[] ring, int bits, long example, int target, int said) {
        int perWord = Long.SIZE / (2 * bits);
        int place = (int) (example % Score.WINDOW);
        int shift = place % perWord * 2 * bits;
        long mask = mask(2 * bits) << shift;
        long pair = target | ((long) said << bits);
        ring[place / perWord] = (ring[place / perWord] & ~mask) | (pair << shift);
    }

    /** Row of what was true of an example, one of the newest. */
    int target(long example) {
        return row(example, 0);
    }

    /** Row of what was said of it. */
    int said(long example) {
        return row(example, 1);
    }

    private int row(long example, int side) {
        int bits = bits(labels);
        int perWord = Long.SIZE / (2 * bits);
        int place = (int) (example % Score.WINDOW);
        long word = words[place / perWord];
        int shift = (place % perWord * 2 + side) * bits;
        return (int) ((word >>> shift) & mask(bits));
    }

    private static long mask(int bits) {
        return -1L >>> (Long.SIZE - bits);
    }

    /**
     * How often each label was true and was said among the newest.
     *
     * @param newest 0 to {@link #kept}
     */
    LabelCounts counts(int newest) {
        long[] occurred = new long[labels];
        long[] spoken = new long[labels];
        long[] right = new long[labels];
        for (long i = examples - newest; i < examples; i++) {
            int target = target(i);
            int answer = said(i);
            occurred[target]++;
            spoken[answer]++;
            right[target] += target == answer ? 1 : 0;
        }
        return new LabelCounts(occurred, spoken, right);
    }

    /** Whether every row is that of a label. */
    boolean isSound() {
        for (long i = examples - kept(); i < examples; i++) {
            if (target(i) >= labels || said(i) >= labels || target(i) < 0 || said(i) < 0) {
                return false;
            }
        }
        return true;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof NewestPairs that
                && examples == that.examples
                && labels == that.labels
                && Arrays.equals(words, that.words);
    }

    @Override
    public int hashCode() {
        return Objects.hash(examples, labels, Arrays.hashCode(words));
    }
}
