package io.rankstream.adapters.model.bert;

import ai.djl.pytorch.engine.PtNDArray;
import io.rankstream.adapters.engine.Products;
import io.rankstream.adapters.model.Architecture;
import io.rankstream.adapters.model.BaseNetwork;
import io.rankstream.adapters.model.Family;
import io.rankstream.adapters.model.ModuleShape;
import io.rankstream.adapters.model.encoder.EncoderSizes;
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

    private static final Family FAMILY = new BertFamily();

    public BertConfig {
        new EncoderSizes(
                vocabSize,
                hiddenSize,
                layers,
                heads,
                intermediateSize,
                maxPositions,
                layerNormEpsilon);
        EncoderSizes.requirePositive("number of segment ids", typeVocabSize);
    }

    /** What it shares with other families. */
    EncoderSizes sizes() {
        return new EncoderSizes(
                vocabSize,
                hiddenSize,
                layers,
                heads,
                intermediateSize,
                maxPositions,
                layerNormEpsilon);
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
        return BertFamily.LAYER.linearLayers(sizes());
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
}
