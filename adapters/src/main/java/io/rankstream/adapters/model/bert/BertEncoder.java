package io.rankstream.adapters.model.bert;

import static io.rankstream.adapters.engine.Operations.addi;
import static io.rankstream.adapters.engine.Operations.slice;
import static io.rankstream.adapters.engine.Tensors.rowsAt;

import ai.djl.pytorch.engine.PtNDArray;
import io.rankstream.adapters.engine.Products;
import io.rankstream.adapters.model.BaseNetwork;
import io.rankstream.adapters.model.LinearUpdate;
import io.rankstream.adapters.model.TokenBatch;
import io.rankstream.adapters.model.encoder.Norm;
import io.rankstream.adapters.model.postnorm.PostNormLayers;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * BERT's encoder (Devlin et al., 2019) with frozen weights, and RoBERTa's, which counts positions
 * otherwise; every linear layer of it can carry an update. Products are counted in the order of
 * {@link BertConfig#linearLayers}.
 */
public final class BertEncoder implements BaseNetwork {

    private final Function<int[], long[]> positionsOf;
    private final PtNDArray words;
    private final PtNDArray positions;
    private final PtNDArray types;
    private final PtNDArray tokenType;
    private final Norm norm;
    private final PostNormLayers layers;
    private final Optional<Pooler> pooler;

    /**
     * @param tensors its tensors by name, on its device
     * @param products how its frozen layers multiply
     * @param positionsOf position of each token of a text
     */
    public BertEncoder(
            BertConfig config,
            Map<String, PtNDArray> tensors,
            Products products,
            Function<int[], long[]> positionsOf) {
        this.positionsOf = positionsOf;
        this.words = tensors.get("embeddings.word_embeddings.weight");
        this.positions = tensors.get("embeddings.position_embeddings.weight");
        this.types = tensors.get("embeddings.token_type_embeddings.weight");
        this.tokenType = slice(types, 0, 0, 1);
        this.norm = Norm.of(tensors, "embeddings.LayerNorm", config.layerNormEpsilon());
        this.layers = new PostNormLayers(config.sizes(), BertFamily.LAYER, tensors, products);
        this.pooler = BertPooler.of(tensors);
    }

    @Override
    public PtNDArray forward(TokenBatch batch, LinearUpdate update) {
        return layers.forward(batch, embed(batch), Optional.empty(), update);
    }

    @Override
    public Optional<Pooler> pooler() {
        return pooler;
    }

    private PtNDArray embed(TokenBatch batch) {
        PtNDArray sum = rowsAt(words, batch.ids());
        addi(sum, rowsAt(positions, batch.perToken(positionsOf)));
        addi(sum, batch.hasSecondType() ? rowsAt(types, batch.types()) : tokenType);
        return norm.forward(sum);
    }
}
