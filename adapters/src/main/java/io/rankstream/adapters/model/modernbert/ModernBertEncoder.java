package io.rankstream.adapters.model.modernbert;

import static io.rankstream.adapters.engine.Operations.addi;
import static io.rankstream.adapters.engine.Operations.gelu;
import static io.rankstream.adapters.engine.Operations.mul;
import static io.rankstream.adapters.engine.Operations.slice;
import static io.rankstream.adapters.engine.Products.frozen;
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
import io.rankstream.adapters.model.attention.DistanceBias;
import io.rankstream.adapters.model.attention.PackedAttention;
import io.rankstream.adapters.model.attention.Rotation;
import io.rankstream.adapters.model.encoder.Norm;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * ModernBERT's encoder (Warner et al., 2024) with frozen weights; every linear layer of it can
 * carry an update. Products are counted in the order of {@link ModernBertConfig#linearLayers}.
 */
final class ModernBertEncoder implements BaseNetwork {

    /** The first layer reads what the embedding has normalized. */
    private record Layer(
            Optional<Norm> attentionNorm,
            PtNDArray queryKeyValue,
            PtNDArray attentionOutput,
            Norm feedForwardNorm,
            PtNDArray inputAndGate,
            PtNDArray output) {}

    /** How layers of one kind see a batch. */
    private record View(PackedAttention attention, Rotation rotation) {}

    private final ModernBertConfig config;
    private final Products products;
    private final PtNDArray words;
    private final Norm embeddingNorm;
    private final List<Layer> layers = new ArrayList<>();
    private final Norm finalNorm;
    private final DistanceBias window;

    /**
     * @param tensors its tensors by name, on its device
     * @param products how its frozen layers multiply
     */
    ModernBertEncoder(ModernBertConfig config, Map<String, PtNDArray> tensors, Products products) {
        this.config = config;
        this.products = products;
        this.words = tensors.get(ModernBertConfig.WORDS + ".weight");
        this.embeddingNorm = norm(tensors, ModernBertConfig.EMBEDDING_NORM);
        for (int i = 0; i < config.layers(); i++) {
            layers.add(layer(tensors, i));
        }
        this.finalNorm = norm(tensors, ModernBertConfig.FINAL_NORM);
        this.window = DistanceBias.within(words.getManager(), config.reach());
    }

    private Layer layer(Map<String, PtNDArray> tensors, int number) {
        String prefix = ModernBertFamily.layer(number);
        return new Layer(
                number == 0
                        ? Optional.empty()
                        : Optional.of(norm(tensors, prefix + ModernBertFamily.ATTENTION_NORM)),
                tensors.get(prefix + ModernBertFamily.QUERY_KEY_VALUE + ".weight"),
                tensors.get(prefix + ModernBertFamily.ATTENTION_OUTPUT + ".weight"),
                norm(tensors, prefix + ModernBertFamily.FEED_FORWARD_NORM),
                tensors.get(prefix + ModernBertFamily.INPUT_AND_GATE + ".weight"),
                tensors.get(prefix + ModernBertFamily.OUTPUT + ".weight"));
    }

    private Norm norm(Map<String, PtNDArray> tensors, String name) {
        return Norm.withoutBias(tensors, name, config.sizes().layerNormEpsilon());
    }

    @Override
    public PtNDArray forward(TokenBatch batch, LinearUpdate update) {
        PtNDManager pass = batch.ids().getManager();
        AttentionHeads heads = config.sizes().attentionHeads();
        PackedAttention everywhere = new PackedAttention(pass, batch, heads);
        View global = new View(everywhere, new Rotation(batch, heads.size(), config.globalTheta()));
        View local =
                new View(
                        Collections.max(batch.lengths()) - 1 <= config.reach()
                                ? everywhere
                                : new PackedAttention(pass, batch, heads, Optional.of(window)),
                        new Rotation(batch, heads.size(), config.localTheta()));
        PtNDArray x = embeddingNorm.forward(rowsAt(words, batch.ids()));
        for (int i = 0; i < layers.size(); i++) {
            // What a layer computes is freed with it, unless a gradient will need it.
            try (PtNDManager scope = scope(pass)) {
                x.attach(scope);
                x = forward(i, x, config.globalLayers().contains(i) ? global : local, update);
                x.attach(pass);
            }
        }
        return slice(finalNorm.forward(x), 0, 0, batch.tokens());
    }

    private PtNDArray forward(int number, PtNDArray x, View view, LinearUpdate update) {
        Layer layer = layers.get(number);
        int module = number * config.family().modules().size();
        PtNDArray read = layer.attentionNorm().map(norm -> norm.forward(x)).orElse(x);
        PtNDArray context = context(adapted(layer.queryKeyValue(), module, read, update), view);
        PtNDArray attended = adapted(layer.attentionOutput(), module + 1, context, update);
        addi(attended, x);
        PtNDArray normed = layer.feedForwardNorm().forward(attended);
        int wide = config.sizes().intermediateSize();
        List<PtNDArray> inputAndGate =
                split(
                        adapted(layer.inputAndGate(), module + 2, normed, update),
                        List.of(wide, wide),
                        1);
        PtNDArray gated = mul(gelu(inputAndGate.get(0)), inputAndGate.get(1));
        PtNDArray narrow = adapted(layer.output(), module + 3, gated, update);
        addi(narrow, attended);
        return narrow;
    }

    private PtNDArray context(PtNDArray queryKeyValue, View view) {
        int hidden = config.hiddenSize();
        List<PtNDArray> parts = split(queryKeyValue, List.of(2 * hidden, hidden), 1);
        List<PtNDArray> turned =
                split(view.rotation().of(parts.get(0)), List.of(hidden, hidden), 1);
        return view.attention().context(turned.get(0), turned.get(1), parts.get(1));
    }

    private PtNDArray adapted(PtNDArray weight, int module, PtNDArray x, LinearUpdate update) {
        PtNDArray operand = products.operand(x);
        return update.apply(module, update.input(operand), frozen(operand, weight, null));
    }

    @Override
    public Optional<Pooler> pooler() {
        return Optional.empty();
    }
}
