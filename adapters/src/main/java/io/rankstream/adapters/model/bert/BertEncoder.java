package io.rankstream.adapters.model.bert;

import static ai.djl.pytorch.jni.JniUtils.addi;
import static ai.djl.pytorch.jni.JniUtils.embedding;
import static ai.djl.pytorch.jni.JniUtils.gelu;
import static ai.djl.pytorch.jni.JniUtils.layerNorm;
import static ai.djl.pytorch.jni.JniUtils.slice;
import static io.rankstream.adapters.engine.Products.frozen;
import static io.rankstream.adapters.engine.Products.operand;
import static io.rankstream.adapters.engine.Tensors.floats;
import static io.rankstream.adapters.engine.Tensors.rows;
import static io.rankstream.adapters.engine.Tensors.scope;
import static io.rankstream.adapters.engine.Tensors.split;

import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import io.rankstream.adapters.model.LinearUpdate;
import io.rankstream.adapters.model.ModuleShape;
import io.rankstream.adapters.model.PretrainedModel;
import io.rankstream.adapters.model.TargetModule;
import io.rankstream.adapters.model.TokenBatch;
import io.rankstream.adapters.model.attention.PackedAttention;
import io.rankstream.adapters.weights.HostTensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * BERT's encoder (Devlin et al., 2019) with frozen weights; every linear layer of it can carry an
 * update. Weights live in the manager that it was made with; the forward pass is free of state.
 */
public final class BertEncoder {

    private record Linear(PtNDArray weight, PtNDArray bias) {}

    private record Norm(PtNDArray weight, PtNDArray bias) {}

    private record Layer(
            Linear queryKeyValue,
            Linear attentionOutput,
            Norm attentionNorm,
            Linear intermediate,
            Linear output,
            Norm outputNorm) {}

    /** Linear layers of one encoder layer, by their names in it. */
    public static final List<String> MODULES =
            List.of(
                    "attention.self.query",
                    "attention.self.key",
                    "attention.self.value",
                    "attention.output.dense",
                    "intermediate.dense",
                    "output.dense");

    private final BertConfig config;
    private final PtNDManager manager;
    private final PtNDArray words;
    private final PtNDArray positions;
    private final PtNDArray tokenType;
    private final Norm embeddingNorm;
    private final List<Layer> layers = new ArrayList<>();

    /** Copies the weights of {@code model} to the device of {@code manager}. */
    public BertEncoder(PretrainedModel model, PtNDManager manager) {
        this.config = model.config();
        this.manager = manager;
        Map<String, HostTensor> weights = model.weights();
        this.words = tensor(weights, "embeddings.word_embeddings.weight");
        this.positions = tensor(weights, "embeddings.position_embeddings.weight");
        PtNDArray types = tensor(weights, "embeddings.token_type_embeddings.weight");
        this.tokenType = slice(types, 0, 0, 1, 1);
        this.embeddingNorm = norm(weights, "embeddings.LayerNorm");
        for (int i = 0; i < config.layers(); i++) {
            layers.add(layer(weights, "encoder.layer." + i));
        }
    }

    private Layer layer(Map<String, HostTensor> weights, String prefix) {
        return new Layer(
                stacked(
                        linearLayer(weights, prefix + ".attention.self.query"),
                        linearLayer(weights, prefix + ".attention.self.key"),
                        linearLayer(weights, prefix + ".attention.self.value")),
                linearLayer(weights, prefix + ".attention.output.dense"),
                norm(weights, prefix + ".attention.output.LayerNorm"),
                linearLayer(weights, prefix + ".intermediate.dense"),
                linearLayer(weights, prefix + ".output.dense"),
                norm(weights, prefix + ".output.LayerNorm"));
    }

    private Linear linearLayer(Map<String, HostTensor> weights, String name) {
        return new Linear(tensor(weights, name + ".weight"), tensor(weights, name + ".bias"));
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

    private Norm norm(Map<String, HostTensor> weights, String name) {
        return new Norm(tensor(weights, name + ".weight"), tensor(weights, name + ".bias"));
    }

    private PtNDArray tensor(Map<String, HostTensor> weights, String name) {
        HostTensor tensor = weights.get(name);
        long[] shape = new long[tensor.shape().length];
        for (int i = 0; i < shape.length; i++) {
            shape[i] = tensor.shape()[i];
        }
        return floats(manager, tensor.values(), shape);
    }

    /** Layers that can carry an update, in the order that {@link LinearUpdate} counts them. */
    public static List<ModuleShape> linearLayers(BertConfig config) {
        int hidden = config.hiddenSize();
        int wide = config.intermediateSize();
        List<ModuleShape> modules = new ArrayList<>();
        for (int i = 0; i < config.layers(); i++) {
            for (String name : MODULES) {
                modules.add(
                        new ModuleShape(
                                "encoder.layer." + i + "." + name,
                                name.equals("output.dense") ? wide : hidden,
                                name.equals("intermediate.dense") ? wide : hidden));
            }
        }
        return modules;
    }

    /**
     * The layers that {@code targets} name.
     *
     * @param targets what {@link TargetModule} understands
     */
    public static List<ModuleShape> linearLayers(BertConfig config, List<String> targets) {
        List<TargetModule> understood = targets.stream().map(TargetModule::of).toList();
        return linearLayers(config).stream()
                .filter(layer -> understood.stream().anyMatch(target -> target.names(layer.name())))
                .toList();
    }

    /**
     * Token vectors of the last layer.
     *
     * @param batch token ids; its tensors' scope owns the result
     * @param update what adapters add
     * @return (tokens, hidden)
     */
    public PtNDArray forward(TokenBatch batch, LinearUpdate update) {
        PtNDManager pass = batch.ids().getManager();
        PackedAttention attention = new PackedAttention(pass, batch, config);
        PtNDArray x = embed(batch);
        for (int i = 0; i < layers.size(); i++) {
            // What a layer computes is freed with it, unless a gradient will need it.
            try (PtNDManager scope = scope(pass)) {
                x.attach(scope);
                x = layer(layers.get(i), i * MODULES.size(), x, attention, update);
                x.attach(pass);
            }
        }
        return slice(x, 0, 0, batch.tokens(), 1);
    }

    private PtNDArray embed(TokenBatch batch) {
        PtNDArray sum = embedding(batch.ids(), words, false);
        addi(sum, embedding(batch.positions(), positions, false));
        addi(sum, tokenType);
        return normalize(sum, embeddingNorm);
    }

    private PtNDArray layer(
            Layer layer, int module, PtNDArray x, PackedAttention attention, LinearUpdate update) {
        PtNDArray operand = operand(x);
        PtNDArray input = update.input(operand);
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

    private static PtNDArray adapted(Linear layer, int module, PtNDArray x, LinearUpdate update) {
        PtNDArray operand = operand(x);
        return update.apply(module, update.input(operand), product(layer, operand));
    }

    private static PtNDArray product(Linear layer, PtNDArray operand) {
        return frozen(operand, layer.weight(), layer.bias());
    }

    private PtNDArray normalize(PtNDArray x, Norm norm) {
        return layerNorm(
                x,
                new Shape(config.hiddenSize()),
                norm.weight(),
                norm.bias(),
                config.layerNormEpsilon());
    }
}
