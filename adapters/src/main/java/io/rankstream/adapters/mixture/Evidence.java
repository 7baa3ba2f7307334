package io.rankstream.adapters.mixture;

/**
 * What is known of a text before anybody says its label. Arrays are never modified.
 *
 * @param logits of the adapter's head, one a label, retired ones included
 * @param vector what that head read
 * @param words the text's words
 */
public record Evidence(float[] logits, float[] vector, BagOfWords words) {

    /**
     * What is known of a text.
     *
     * @param words hashes of its words, equal ones beside each other
     */
    public Evidence(float[] logits, float[] vector, int[] words) {
        this(logits, vector, BagOfWords.of(words));
    }
}
