package io.rankstream.adapters.model.encoder;

import io.rankstream.adapters.model.attention.AttentionHeads;

/**
 * Sizes of an encoder.
 *
 * @param vocabSize number of token ids
 * @param hiddenSize features of a token vector, a multiple of {@code heads}
 * @param layers encoder layers
 * @param heads attention heads of a layer
 * @param intermediateSize features between a layer's two feed-forward products
 * @param maxPositions rows of the table of positions; without one, most tokens of a text
 * @param layerNormEpsilon added to the variance in every LayerNorm
 */
public record EncoderSizes(
        int vocabSize,
        int hiddenSize,
        int layers,
        int heads,
        int intermediateSize,
        int maxPositions,
        float layerNormEpsilon) {

    private static final int MOST_LAYERS = 1_000;

    public EncoderSizes {
        requirePositive("vocabulary", vocabSize);
        requirePositive("hidden size", hiddenSize);
        requirePositive("number of layers", layers);
        if (layers > MOST_LAYERS) {
            throw new IllegalArgumentException(
                    "the number of layers is "
                            + layers
                            + ", expected at most "
                            + MOST_LAYERS
                            + ": no encoder has as many by far");
        }
        requirePositive("number of attention heads", heads);
        requirePositive("intermediate size", intermediateSize);
        requirePositive("number of positions", maxPositions);
        if (hiddenSize % heads != 0) {
            throw new IllegalArgumentException(
                    "the hidden size is "
                            + hiddenSize
                            + ", expected a multiple of the "
                            + heads
                            + " attention heads");
        }
        if (!(layerNormEpsilon > 0 && layerNormEpsilon < 1)) {
            throw new IllegalArgumentException(
                    "the epsilon of LayerNorm is "
                            + layerNormEpsilon
                            + ", expected a number between 0 and 1");
        }
    }

    /** All of them, as a text that stays as it is for ever. */
    public String canonical() {
        return "vocabulary="
                + vocabSize
                + " hidden="
                + hiddenSize
                + " layers="
                + layers
                + " heads="
                + heads
                + " intermediate="
                + intermediateSize
                + " positions="
                + maxPositions
                + " epsilon="
                + layerNormEpsilon;
    }

    /** The heads of a layer. */
    public AttentionHeads attentionHeads() {
        return new AttentionHeads(heads, hiddenSize / heads);
    }

    /**
     * Checks a size.
     *
     * @throws IllegalArgumentException if it is not above 0
     */
    public static void requirePositive(String what, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(
                    "the " + what + " is " + value + ", expected at least 1");
        }
    }
}
