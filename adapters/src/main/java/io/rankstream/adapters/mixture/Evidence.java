package io.rankstream.adapters.mixture;

/**
 * What is known of a text before anybody says its label. Arrays are never modified.
 *
 * @param logits of the adapter's head, one a label, retired ones included
 * @param vector what that head read
 * @param words hashes of the text's words, equal ones beside each other
 */
public record Evidence(float[] logits, float[] vector, int[] words) {}
