package io.rankstream.adapters.model.distilbert;

import ai.djl.pytorch.engine.PtNDArray;
import io.rankstream.adapters.engine.Products;
import io.rankstream.adapters.model.BaseNetwork;
import io.rankstream.adapters.model.Family;
import io.rankstream.adapters.model.ModuleShape;
import io.rankstream.adapters.model.encoder.EncoderSizes;
import io.rankstream.adapters.model.postnorm.PostNormArchitecture;
import io.rankstream.adapters.model.postnorm.PostNormTensors;
import java.util.List;
import java.util.Map;

/**
 * A DistilBERT encoder.
 *
 * @param sizes its sizes
 */
public record DistilBertConfig(EncoderSizes sizes) implements PostNormArchitecture {

    private static final Family FAMILY = new DistilBertFamily();

    @Override
    public Family family() {
        return FAMILY;
    }

    @Override
    public String canonical() {
        return "distilbert " + sizes.canonical();
    }

    @Override
    public int maxTokens() {
        return sizes.maxPositions();
    }

    /** One: the special tokens alone tell the texts of a pair apart. */
    @Override
    public int tokenTypes() {
        return 1;
    }

    @Override
    public List<ModuleShape> linearLayers() {
        return DistilBertFamily.LAYER.linearLayers(sizes);
    }

    @Override
    public Map<String, int[]> tensors() {
        int hidden = sizes.hiddenSize();
        return new PostNormTensors()
                .table("embeddings.word_embeddings", sizes.vocabSize(), hidden)
                .table("embeddings.position_embeddings", sizes.maxPositions(), hidden)
                .norm("embeddings.LayerNorm", hidden)
                .layers(DistilBertFamily.LAYER, sizes)
                .shapes();
    }

    @Override
    public Map<String, int[]> poolerTensors() {
        return Map.of();
    }

    @Override
    public BaseNetwork network(Map<String, PtNDArray> tensors, Products products) {
        return new DistilBertEncoder(sizes, tensors, products);
    }
}
