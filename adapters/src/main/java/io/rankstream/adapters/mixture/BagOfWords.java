package io.rankstream.adapters.mixture;

import java.util.Arrays;

/**
 * The words of a text, each once, as a vector of length 1. A word counts by the logarithm of how
 * often it stands there. Arrays are never modified.
 *
 * @param words hashes
 * @param values of each of them
 */
public record BagOfWords(int[] words, double[] values) {

    /**
     * Counts words.
     *
     * @param hashes of a text's words, equal ones beside each other
     */
    static BagOfWords of(int[] hashes) {
        int[] words = new int[hashes.length];
        double[] values = new double[hashes.length];
        double squared = 0;
        int count = 0;
        int at = 0;
        while (at < hashes.length) {
            int first = at;
            while (at < hashes.length && hashes[at] == hashes[first]) {
                at++;
            }
            words[count] = hashes[first];
            values[count] = StrictMath.log1p(at - first);
            squared += values[count] * values[count];
            count++;
        }
        double length = Math.sqrt(squared);
        for (int i = 0; i < count; i++) {
            values[i] /= length;
        }
        return new BagOfWords(Arrays.copyOf(words, count), Arrays.copyOf(values, count));
    }
}
