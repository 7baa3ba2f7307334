package io.rankstream.adapters.mixture;

/**
 * How much what each voice says counts. They need not be positive, nor add up to 1.
 *
 * @param head of the adapter's head, trained with the triplets
 * @param onlineHead of the linear model on the same vector, which learns after every example
 * @param words of the linear model on words
 */
public record VoiceWeights(double head, double onlineHead, double words) {

    /** Those of the first example: what has learned nothing yet changes nothing of the head. */
    static final VoiceWeights FIRST = new VoiceWeights(1, .5, .5);
}
