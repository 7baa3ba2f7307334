package io.rankstream.adapters.model.deberta;

import ai.djl.pytorch.engine.PtNDArray;
import io.rankstream.adapters.engine.Products;
import io.rankstream.adapters.model.BaseNetwork;
import io.rankstream.adapters.model.Family;
import io.rankstream.adapters.model.ModuleShape;
import io.rankstream.adapters.model.encoder.EncoderSizes;
import io.rankstream.adapters.model.postnorm.PostNormArchitecture;
import io.rankstream.adapters.model.postnorm.PostNormTensors;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * A DeBERTa-v2 or v3 encoder.
 *
 * @param sizes its sizes; positions are most tokens of a text, whether or not they have vectors
 * @param typeVocabSize number of segment ids; 0 if segments are not told apart
 * @param addsPositions whether a token's vector has its position to begin with
 * @param distances how distances share rows of the table
 * @param normalizesDistances whether the table goes through a LayerNorm
 * @param contentToPosition whether queries meet distances
 * @param positionToContent whether keys meet distances
 * @param convolution beside the first layer, if there is one
 */
record DebertaConfig(
        EncoderSizes sizes,
        int typeVocabSize,
        boolean addsPositions,
        Distances distances,
        boolean normalizesDistances,
        boolean contentToPosition,
        boolean positionToContent,
        Optional<Convolution> convolution)
        implements PostNormArchitecture {

    static final String WORDS = "embeddings.word_embeddings";
    static final String POSITIONS = "embeddings.position_embeddings";
    static final String TYPES = "embeddings.token_type_embeddings";
    static final String EMBEDDING_NORM = "embeddings.LayerNorm";
    static final String DISTANCES = "encoder.rel_embeddings";
    static final String DISTANCE_NORM = "encoder.LayerNorm";
    static final String CONVOLUTION = "encoder.conv.conv";
    static final String CONVOLUTION_NORM = "encoder.conv.LayerNorm";

    private static final Family FAMILY = new DebertaFamily();

    DebertaConfig {
        if (typeVocabSize < 0) {
            throw new IllegalArgumentException(
                    "the number of segment ids is %d, expected at least 0"
                            .formatted(typeVocabSize));
        }
    }

    @Override
    public Family family() {
        return FAMILY;
    }

    @Override
    public String canonical() {
        return String.format(
                Locale.ROOT,
                "deberta-v2 vocabulary=%d hidden=%d layers=%d heads=%d intermediate=%d positions=%d added=%s types=%d epsilon=%s buckets=%d farthest=%d normalized=%s c2p=%s p2c=%s convolution=%s",
                sizes.vocabSize(),
                sizes.hiddenSize(),
                sizes.layers(),
                sizes.heads(),
                sizes.intermediateSize(),
                sizes.maxPositions(),
                addsPositions,
                typeVocabSize,
                sizes.layerNormEpsilon(),
                distances.buckets(),
                distances.farthest(),
                normalizesDistances,
                contentToPosition,
                positionToContent,
                convolution.map(of -> of.width() + "," + of.activation()).orElse("none"));
    }

    /** Products that a score is the sum of. */
    int terms() {
        return 1 + (contentToPosition ? 1 : 0) + (positionToContent ? 1 : 0);
    }

    @Override
    public int maxTokens() {
        return sizes.maxPositions();
    }

    @Override
    public int tokenTypes() {
        return typeVocabSize;
    }

    @Override
    public List<ModuleShape> linearLayers() {
        return DebertaFamily.LAYER.linearLayers(sizes);
    }

    @Override
    public Map<String, int[]> tensors() {
        int hidden = sizes.hiddenSize();
        PostNormTensors tensors = new PostNormTensors().table(WORDS, sizes.vocabSize(), hidden);
        if (addsPositions) {
            tensors.table(POSITIONS, sizes.maxPositions(), hidden);
        }
        if (typeVocabSize > 0) {
            tensors.table(TYPES, typeVocabSize, hidden);
        }
        tensors.norm(EMBEDDING_NORM, hidden).table(DISTANCES, distances.rows(), hidden);
        if (normalizesDistances) {
            tensors.norm(DISTANCE_NORM, hidden);
        }
        convolution.ifPresent(
                of ->
                        tensors.convolution(CONVOLUTION, hidden, hidden, of.width())
                                .norm(CONVOLUTION_NORM, hidden));
        return tensors.layers(DebertaFamily.LAYER, sizes).shapes();
    }

    /** None: what is called pooler is a part of its own classification head. */
    @Override
    public Map<String, int[]> poolerTensors() {
        return Map.of();
    }

    @Override
    public BaseNetwork network(Map<String, PtNDArray> tensors, Products products) {
        return new DebertaEncoder(this, tensors, products);
    }
}
