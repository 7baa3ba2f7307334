package io.rankstream.adapters.mixture;

import io.rankstream.adapters.weights.Sizes;

/**
 * A {@link Mixture} as a value: a part of an adapter's state. Arrays are never modified after
 * construction.
 *
 * @param features of the vectors that the heads read
 * @param weights how much each voice counts
 * @param onlineHead the online head
 * @param words the weights of words
 */
public record MixtureState(
        int features, VoiceWeights weights, OnlineHeadState onlineHead, WordState words) {

    public MixtureState {
        Sizes.require(
                "online head", onlineHead.weight().length, words.bias().length * (features + 1));
    }

    /**
     * One that has seen nothing, and says what the head says.
     *
     * @param labels rows of the adapter's labels
     * @param features of the vectors that its head reads
     */
    public static MixtureState empty(int labels, int features) {
        return new MixtureState(
                features,
                VoiceWeights.FIRST,
                OnlineHeadState.empty(labels, features),
                WordState.empty(labels));
    }

    /** Rows of labels. */
    public int labels() {
        return words.bias().length;
    }

    /** Bytes that a {@link Mixture} of it takes. */
    public long bytes() {
        return (long) Float.BYTES
                * (2L * onlineHead.weight().length
                        + 2L * words.bias().length
                        + 3L * WordWeights.capacityFor(words.cells().length));
    }

    /** The same for more labels, which nothing has been learned of. */
    public MixtureState withLabels(int labels) {
        return new MixtureState(
                features,
                weights,
                onlineHead.withLabels(labels, features),
                words.withLabels(labels));
    }

    /**
     * The head and the online head as the one head that they are together.
     *
     * @param weight of the head, (labels, features), row-major
     * @param bias of the head
     */
    public LinearHead joined(float[] weight, float[] bias) {
        Sizes.require("head's weight", weight.length, labels() * features);
        double ofHead = weights.head();
        double ofOnline = weights.onlineHead();
        float[] joinedWeight = new float[weight.length];
        float[] joinedBias = new float[bias.length];
        for (int row = 0; row < bias.length; row++) {
            int online = row * (features + 1);
            for (int j = 0; j < features; j++) {
                joinedWeight[row * features + j] =
                        (float)
                                (ofHead * weight[row * features + j]
                                        + ofOnline
                                                * onlineHead.scale()
                                                * onlineHead.weight()[online + j]);
            }
            joinedBias[row] =
                    (float)
                            (ofHead * bias[row]
                                    + ofOnline * onlineHead.weight()[online + features]);
        }
        return new LinearHead(joinedWeight, joinedBias);
    }

    /**
     * A linear head.
     *
     * @param weight (labels, features), row-major
     * @param bias one a label
     */
    public record LinearHead(float[] weight, float[] bias) {}
}
