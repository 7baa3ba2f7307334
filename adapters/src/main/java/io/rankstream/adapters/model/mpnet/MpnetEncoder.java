package io.rankstream.adapters.model.mpnet;

import static io.rankstream.adapters.engine.Operations.addi;
import static io.rankstream.adapters.engine.Tensors.rowsAt;

import ai.djl.pytorch.engine.PtNDArray;
import io.rankstream.adapters.engine.Products;
import io.rankstream.adapters.model.BaseNetwork;
import io.rankstream.adapters.model.LinearUpdate;
import io.rankstream.adapters.model.TokenBatch;
import io.rankstream.adapters.model.attention.DistanceBias;
import io.rankstream.adapters.model.encoder.EncoderSizes;
import io.rankstream.adapters.model.encoder.Norm;
import io.rankstream.adapters.model.postnorm.PostNormLayers;
import java.util.Map;
import java.util.Optional;

/** MPNet's encoder with frozen weights. */
final class MpnetEncoder implements BaseNetwork {

    private final PtNDArray words;
    private final PtNDArray positions;
    private final Norm norm;
    private final DistanceBias distances;
    private final PostNormLayers layers;

    /**
     * @param tensors its tensors by name, on its device
     * @param products how its frozen layers multiply
     */
    MpnetEncoder(EncoderSizes sizes, Map<String, PtNDArray> tensors, Products products) {
        this.words = tensors.get("embeddings.word_embeddings.weight");
        this.positions = tensors.get("embeddings.position_embeddings.weight");
        this.norm = Norm.of(tensors, "embeddings.LayerNorm", sizes.layerNormEpsilon());
        this.distances =
                new DistanceBias(
                        tensors.get(MpnetConfig.DISTANCES + ".weight"), Distances::bucketOf);
        this.layers = new PostNormLayers(sizes, MpnetFamily.LAYER, tensors, products);
    }

    @Override
    public PtNDArray forward(TokenBatch batch, LinearUpdate update) {
        PtNDArray sum = rowsAt(words, batch.ids());
        addi(sum, rowsAt(positions, batch.perToken(MpnetConfig.POSITIONS::of)));
        return layers.forward(batch, norm.forward(sum), Optional.of(distances), update);
    }

    @Override
    public Optional<Pooler> pooler() {
        return Optional.empty();
    }
}
