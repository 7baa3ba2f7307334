package io.rankstream.adapters.model.postnorm;

import static io.rankstream.adapters.engine.Operations.addi;
import static io.rankstream.adapters.engine.Operations.gelu;
import static io.rankstream.adapters.engine.Operations.slice;
import static io.rankstream.adapters.engine.Products.frozen;
import static io.rankstream.adapters.engine.Tensors.rows;
import static io.rankstream.adapters.engine.Tensors.scope;
import static io.rankstream.adapters.engine.Tensors.split;

import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import io.rankstream.adapters.engine.Products;
import io.rankstream.adapters.model.LinearUpdate;
import io.rankstream.adapters.model.TokenBatch;
import io.rankstream.adapters.model.attention.DistanceBias;
import io.rankstream.adapters.model.attention.PackedAttention;
import io.rankstream.adapters.model.encoder.EncoderSizes;
import io.rankstream.adapters.model.encoder.Norm;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The layers of an encoder with frozen weights, each attention and two feed-forward products with
 * exact GELU between them; every linear layer can carry an update. Products are counted in the
 * order of {@link PostNormNames#linearLayers(EncoderSizes)}. Free of state, so threads may share
 * it.
 */
public final class PostNormLayers {

    private record Linear(PtNDArray weight, PtNDArray bias) {}

    private record Layer(
            Linear queryKeyValue,
            Linear attentionOutput,
            Norm attentionNorm,
            Linear intermediate,
            Linear output,
            Norm outputNorm) {}

    private final EncoderSizes sizes;
    private final int modules;
    private final Products products;
    private final List<Layer> layers = new ArrayList<>();

    /**
     * @param tensors the encoder's by name, on its device; those of the layers are these layers'
     *     from here on
     * @param products how frozen layers multiply
     */
    public PostNormLayers(
            EncoderSizes sizes,
            PostNormNames names,
            Map<String, PtNDArray> tensors,
            Products products) {
        this.sizes = sizes;
        this.modules = names.linearLayers().size();
        this.products = products;
        for (int i = 0; i < sizes.layers(); i++) {
            layers.add(layer(tensors, names, names.of(i)));
        }
    }

    private Layer layer(Map<String, PtNDArray> tensors, PostNormNames names, String prefix) {
        return new Layer(
                stacked(
                        linear(tensors, prefix + names.query()),
                        linear(tensors, prefix + names.key()),
                        linear(tensors, prefix + names.value())),
                linear(tensors, prefix + names.attentionOutput()),
                Norm.of(tensors, prefix + names.attentionNorm(), sizes.layerNormEpsilon()),
                linear(tensors, prefix + names.intermediate()),
                linear(tensors, prefix + names.output()),
                Norm.of(tensors, prefix + names.outputNorm(), sizes.layerNormEpsilon()));
    }

    private static Linear linear(Map<String, PtNDArray> tensors, String name) {
        return new Linear(tensors.get(name + ".weight"), tensors.get(name + ".bias"));
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

    /**
     * Token vectors of the last layer.
     *
     * @param embedded the embedding of the batch's rows, (rows, hidden)
     * @param distances what attention adds to scores by distance, if anything
     * @param update what adapters add
     * @return (tokens, hidden), of the batch's scope
     */
    public PtNDArray forward(
            TokenBatch batch,
            PtNDArray embedded,
            Optional<DistanceBias> distances,
            LinearUpdate update) {
        PtNDManager pass = batch.ids().getManager();
        PackedAttention attention =
                new PackedAttention(pass, batch, sizes.attentionHeads(), distances);
        PtNDArray x = embedded;
        for (int i = 0; i < layers.size(); i++) {
            // What a layer computes is freed with it, unless a gradient will need it.
            try (PtNDManager scope = scope(pass)) {
                x.attach(scope);
                x = forward(i, x, attention::context, update);
                x.attach(pass);
            }
        }
        return slice(x, 0, 0, batch.tokens());
    }

    /** What a layer attends by. */
    @FunctionalInterface
    public interface Attention {

        /**
         * Context of every row.
         *
         * @param query (rows, hidden), and so are the others and the result
         */
        PtNDArray context(PtNDArray query, PtNDArray key, PtNDArray value);
    }

    /**
     * What one layer makes of token vectors, for a family that does more between them.
     *
     * @param number which layer
     * @param x (rows, hidden), and so is the result, which is of x's scope
     */
    public PtNDArray forward(int number, PtNDArray x, Attention attention, LinearUpdate update) {
        Layer layer = layers.get(number);
        int module = number * modules;
        PtNDArray operand = products.operand(x);
        LinearUpdate.Input input = update.input(operand);
        int hidden = sizes.hiddenSize();
        List<PtNDArray> base =
                split(product(layer.queryKeyValue(), operand), List.of(hidden, hidden, hidden), 1);
        PtNDArray context =
                attention.context(
                        update.apply(module, input, base.get(0)),
                        update.apply(module + 1, input, base.get(1)),
                        update.apply(module + 2, input, base.get(2)));
        PtNDArray attended = adapted(layer.attentionOutput(), module + 3, context, update);
        addi(attended, x);
        PtNDArray middle = layer.attentionNorm().forward(attended);
        PtNDArray wide = gelu(adapted(layer.intermediate(), module + 4, middle, update));
        PtNDArray narrow = adapted(layer.output(), module + 5, wide, update);
        addi(narrow, middle);
        return layer.outputNorm().forward(narrow);
    }

    private PtNDArray adapted(Linear layer, int module, PtNDArray x, LinearUpdate update) {
        PtNDArray operand = products.operand(x);
        return update.apply(module, update.input(operand), product(layer, operand));
    }

    private static PtNDArray product(Linear layer, PtNDArray operand) {
        return frozen(operand, layer.weight(), layer.bias());
    }
}
