package io.rankstream.adapters.model.bert;

import static io.rankstream.adapters.engine.Operations.addi;
import static io.rankstream.adapters.engine.Operations.gelu;
import static io.rankstream.adapters.engine.Operations.layerNorm;
import static io.rankstream.adapters.engine.Operations.slice;
import static io.rankstream.adapters.engine.Products.frozen;
import static io.rankstream.adapters.engine.Tensors.rows;
import static io.rankstream.adapters.engine.Tensors.rowsAt;
import static io.rankstream.adapters.engine.Tensors.scope;
import static io.rankstream.adapters.engine.Tensors.split;

import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import io.rankstream.adapters.engine.Products;
import io.rankstream.adapters.model.BaseNetwork;
import io.rankstream.adapters.model.LinearUpdate;
import io.rankstream.adapters.model.TokenBatch;
import io.rankstream.adapters.model.attention.AttentionHeads;
import io.rankstream.adapters.model.attention.PackedAttention;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * BERT's encoder (Devlin et al., 2019) with frozen weights, and RoBERTa's, which counts positions
 * otherwise; every linear layer of it can carry an update. Products are counted in the order of
 * {@link BertConfig#linearLayers}.
 */
public final class BertEncoder implements BaseNetwork {

    private record Linear(PtNDArray weight, PtNDArray bias) {}

    private record Norm(PtNDArray weight, PtNDArray bias) {}

    private record Layer(
            Linear queryKeyValue,
            Linear attentionOutput,
            Norm attentionNorm,
            Linear intermediate,
            Linear output,
            Norm outputNorm) {}

    private final BertConfig config;
    private final Products products;
    private final Function<int[], long[]> positionsOf;
    private final PtNDArray words;
    private final PtNDArray positions;
    private final PtNDArray types;
    private final PtNDArray tokenType;
    private final Norm embeddingNorm;
    private final List<Layer> layers = new ArrayList<>();
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
        this.config = config;
        this.products = products;
        this.positionsOf = positionsOf;
        this.words = tensors.get("embeddings.word_embeddings.weight");
        this.positions = tensors.get("embeddings.position_embeddings.weight");
        this.types = tensors.get("embeddings.token_type_embeddings.weight");
        this.tokenType = slice(types, 0, 0, 1);
        this.embeddingNorm = norm(tensors, "embeddings.LayerNorm");
        for (int i = 0; i < config.layers(); i++) {
            layers.add(layer(tensors, "encoder.layer." + i));
        }
        this.pooler = BertPooler.of(tensors);
    }

    private static Layer layer(Map<String, PtNDArray> tensors, String prefix) {
        return new Layer(
                stacked(
                        linearLayer(tensors, prefix + ".attention.self.query"),
                        linearLayer(tensors, prefix + ".attention.self.key"),
                        linearLayer(tensors, prefix + ".attention.self.value")),
                linearLayer(tensors, prefix + ".attention.output.dense"),
                norm(tensors, prefix + ".attention.output.LayerNorm"),
                linearLayer(tensors, prefix + ".intermediate.dense"),
                linearLayer(tensors, prefix + ".output.dense"),
                norm(tensors, prefix + ".output.LayerNorm"));
    }

    private static Linear linearLayer(Map<String, PtNDArray> tensors, String name) {
        return new Linear(tensors.get(name + ".weight"), tensors.get(name + ".bias"));
    }

    private static Norm norm(Map<String, PtNDArray> tensors, String name) {
        return new Norm(tensors.get(name + ".weight"), tensors.get(name + ".bias"));
    }

    /** Layers with one input as one product. */
    private static Linear stacked(Linear... layers) {
        Linear stacked =
                new Linear(
                        rows(Arrays.stream(layers).map(Linear::weight).toList()),
                        rows(Arrays.stream(layers).map(Linear::bias).toList()));
        for (Linear layer : layers) {
            layer.weight().close();
            layer.bias().close();
        }
        return stacked;
    }

    @Override
    public PtNDArray forward(TokenBatch batch, LinearUpdate update) {
        PtNDManager pass = batch.ids().getManager();
        PackedAttention attention =
                new PackedAttention(
                        pass,
                        batch,
                        new AttentionHeads(config.heads(), config.hiddenSize() / config.heads()));
        PtNDArray x = embed(batch);
        int modules = config.family().modules().size();
        for (int i = 0; i < layers.size(); i++) {
            // What a layer computes is freed with it, unless a gradient will need it.
            try (PtNDManager scope = scope(pass)) {
                x.attach(scope);
                x = layer(layers.get(i), i * modules, x, attention, update);
                x.attach(pass);
            }
        }
        return slice(x, 0, 0, batch.tokens());
    }

    @Override
    public Optional<Pooler> pooler() {
        return pooler;
    }

    private PtNDArray embed(TokenBatch batch) {
        PtNDArray sum = rowsAt(words, batch.ids());
        addi(sum, rowsAt(positions, batch.perToken(positionsOf)));
        addi(sum, batch.hasSecondType() ? rowsAt(types, batch.types()) : tokenType);
        return normalize(sum, embeddingNorm);
    }

    private PtNDArray layer(
            Layer layer, int module, PtNDArray x, PackedAttention attention, LinearUpdate update) {
        PtNDArray operand = products.operand(x);
        LinearUpdate.Input input = update.input(operand);
        int hidden = config.hiddenSize();
        List<PtNDArray> base =
                split(product(layer.queryKeyValue(), operand), List.of(hidden, hidden, hidden), 1);
        PtNDArray context =
                attention.context(
                        update.apply(module, input, base.get(0)),
                        update.apply(module + 1, input, base.get(1)),
                        update.apply(module + 2, input, base.get(2)));
        PtNDArray attended = adapted(layer.attentionOutput(), module + 3, context, update);
        addi(attended, x);
        PtNDArray middle = normalize(attended, layer.attentionNorm());
        PtNDArray wide = gelu(adapted(layer.intermediate(), module + 4, middle, update));
        PtNDArray narrow = adapted(layer.output(), module + 5, wide, update);
        addi(narrow, middle);
        return normalize(narrow, layer.outputNorm());
    }

    private PtNDArray adapted(Linear layer, int module, PtNDArray x, LinearUpdate update) {
        PtNDArray operand = products.operand(x);
        return update.apply(module, update.input(operand), product(layer, operand));
    }

    private static PtNDArray product(Linear layer, PtNDArray operand) {
        return frozen(operand, layer.weight(), layer.bias());
    }

    private PtNDArray normalize(PtNDArray x, Norm norm) {
        return layerNorm(x, norm.weight(), norm.bias(), config.layerNormEpsilon());
    }
}
