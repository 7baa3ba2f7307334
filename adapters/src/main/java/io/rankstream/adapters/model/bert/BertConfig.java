package io.rankstream.adapters.model.bert;

/**
 * Sizes of a BERT encoder with exact GELU and absolute positions.
 *
 * @param vocabSize number of token ids
 * @param hiddenSize features of a token vector, a multiple of {@code heads}
 * @param layers encoder layers
 * @param heads attention heads of a layer
 * @param intermediateSize features between a layer's two feed-forward products
 * @param maxPositions most tokens in a text, special tokens included
 * @param typeVocabSize number of segment ids
 * @param layerNormEpsilon added to the variance in every LayerNorm
 */
public record BertConfig(
        int vocabSize,
        int hiddenSize,
        int layers,
        int heads,
        int intermediateSize,
        int maxPositions,
        int typeVocabSize,
        float layerNormEpsilon) {

    public BertConfig {
        requirePositive("vocabulary", vocabSize);
        requirePositive("hidden size", hiddenSize);
        requirePositive("number of layers", layers);
        requirePositive("number of attention heads", heads);
        requirePositive("intermediate size", intermediateSize);
        requirePositive("number of positions", maxPositions);
        requirePositive("number of segment ids", typeVocabSize);
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

    private static void requirePositive(String what, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(
                    "the " + what + " is " + value + ", expected at least 1");
        }
    }
}
