package io.rankstream.adapters.model.mpnet;

import ai.djl.pytorch.engine.PtNDArray;
import io.rankstream.adapters.engine.Products;
import io.rankstream.adapters.model.BaseNetwork;
import io.rankstream.adapters.model.Family;
import io.rankstream.adapters.model.ModuleShape;
import io.rankstream.adapters.model.encoder.EncoderSizes;
import io.rankstream.adapters.model.postnorm.PositionsAfterPadding;
import io.rankstream.adapters.model.postnorm.PostNormArchitecture;
import io.rankstream.adapters.model.postnorm.PostNormTensors;
import java.util.List;
import java.util.Map;

/**
 * An MPNet encoder.
 *
 * @param sizes its sizes
 */
public record MpnetConfig(EncoderSizes sizes) implements PostNormArchitecture {

    static final String DISTANCES = "encoder.relative_attention_bias";

    /** The padding token is 1, whatever config.json says. */
    static final PositionsAfterPadding POSITIONS = new PositionsAfterPadding(1);

    private static final Family FAMILY = new MpnetFamily();

    public MpnetConfig {
        POSITIONS.requireWithin(sizes.vocabSize(), sizes.maxPositions());
    }

    @Override
    public Family family() {
        return FAMILY;
    }

    @Override
    public String canonical() {
        return "mpnet " + sizes.canonical();
    }

    @Override
    public int maxTokens() {
        return POSITIONS.maxTokens(sizes.maxPositions());
    }

    /** One: the special tokens alone tell the texts of a pair apart. */
    @Override
    public int tokenTypes() {
        return 1;
    }

    @Override
    public List<ModuleShape> linearLayers() {
        return MpnetFamily.LAYER.linearLayers(sizes);
    }

    @Override
    public Map<String, int[]> tensors() {
        int hidden = sizes.hiddenSize();
        return new PostNormTensors()
                .table("embeddings.word_embeddings", sizes.vocabSize(), hidden)
                .table("embeddings.position_embeddings", sizes.maxPositions(), hidden)
                .norm("embeddings.LayerNorm", hidden)
                .table(DISTANCES, Distances.BUCKETS, sizes.heads())
                .layers(MpnetFamily.LAYER, sizes)
                .shapes();
    }

    /** None: its own classification head reads the first token, though some files have a pooler. */
    @Override
    public Map<String, int[]> poolerTensors() {
        return Map.of();
    }

    @Override
    public BaseNetwork network(Map<String, PtNDArray> tensors, Products products) {
        return new MpnetEncoder(sizes, tensors, products);
    }
}
