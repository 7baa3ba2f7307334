package io.rankstream.adapters.model.bert;

import ai.djl.pytorch.engine.PtNDArray;
import io.rankstream.adapters.engine.Products;
import io.rankstream.adapters.model.Architecture;
import io.rankstream.adapters.model.BaseNetwork;
import io.rankstream.adapters.model.Family;
import io.rankstream.adapters.model.ModuleShape;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;

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
        float layerNormEpsilon)
        implements Architecture {

    private static final int MOST_LAYERS = 1_000;

    private static final Family FAMILY = new BertFamily();

    public BertConfig {
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

    @Override
    public Family family() {
        return FAMILY;
    }

    /** Every release has written it so, since the first wrote a record's own text. */
    @Override
    public String canonical() {
        return "BertConfig[vocabSize="
                + vocabSize
                + ", hiddenSize="
                + hiddenSize
                + ", layers="
                + layers
                + ", heads="
                + heads
                + ", intermediateSize="
                + intermediateSize
                + ", maxPositions="
                + maxPositions
                + ", typeVocabSize="
                + typeVocabSize
                + ", layerNormEpsilon="
                + layerNormEpsilon
                + "]";
    }

    @Override
    public int maxTokens() {
        return maxPositions;
    }

    @Override
    public int tokenTypes() {
        return typeVocabSize;
    }

    @Override
    public List<ModuleShape> linearLayers() {
        List<ModuleShape> layersOfAll = new ArrayList<>();
        for (int i = 0; i < layers; i++) {
            for (String name : FAMILY.linearLayers(i)) {
                boolean widens = name.endsWith(".intermediate.dense");
                boolean narrows =
                        name.endsWith(".output.dense") && !name.endsWith("attention.output.dense");
                layersOfAll.add(
                        new ModuleShape(
                                name,
                                narrows ? intermediateSize : hiddenSize,
                                widens ? intermediateSize : hiddenSize));
            }
        }
        return layersOfAll;
    }

    @Override
    public Map<String, int[]> tensors() {
        return BertTensors.shapes(this);
    }

    @Override
    public Map<String, int[]> poolerTensors() {
        return BertTensors.ofPooler(this);
    }

    @Override
    public BaseNetwork network(Map<String, PtNDArray> tensors, Products products) {
        return new BertEncoder(
                this, tensors, products, text -> LongStream.range(0, text.length).toArray());
    }

    private static void requirePositive(String what, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(
                    "the " + what + " is " + value + ", expected at least 1");
        }
    }
}
