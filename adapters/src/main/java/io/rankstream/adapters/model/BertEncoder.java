package io.rankstream.adapters.model;

import static ai.djl.pytorch.jni.JniUtils.add;
import static ai.djl.pytorch.jni.JniUtils.embedding;
import static ai.djl.pytorch.jni.JniUtils.gelu;
import static ai.djl.pytorch.jni.JniUtils.layerNorm;
import static ai.djl.pytorch.jni.JniUtils.linear;
import static ai.djl.pytorch.jni.JniUtils.matmul;
import static ai.djl.pytorch.jni.JniUtils.mul;
import static ai.djl.pytorch.jni.JniUtils.reshape;
import static ai.djl.pytorch.jni.JniUtils.slice;
import static ai.djl.pytorch.jni.JniUtils.softmax;
import static ai.djl.pytorch.jni.JniUtils.transpose;
import static io.rankstream.adapters.tensor.Tensors.floats;
import static io.rankstream.adapters.tensor.Tensors.scalar;

import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import java.util.ArrayList;
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
            Linear query,
            Linear key,
            Linear value,
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
                linearLayer(weights, prefix + ".attention.self.query"),
                linearLayer(weights, prefix + ".attention.self.key"),
                linearLayer(weights, prefix + ".attention.self.value"),
                linearLayer(weights, prefix + ".attention.output.dense"),
                norm(weights, prefix + ".attention.output.LayerNorm"),
                linearLayer(weights, prefix + ".intermediate.dense"),
                linearLayer(weights, prefix + ".output.dense"),
                norm(weights, prefix + ".output.LayerNorm"));
    }

    private Linear linearLayer(Map<String, HostTensor> weights, String name) {
        return new Linear(tensor(weights, name + ".weight"), tensor(weights, name + ".bias"));
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
     * @param targets names of layers, or their ends from a dot on, as PEFT understands them: {@code
     *     output.dense} means {@code attention.output.dense} as well
     */
    public static List<ModuleShape> linearLayers(BertConfig config, List<String> targets) {
        return linearLayers(config).stream()
                .filter(layer -> targets.stream().anyMatch(target -> names(target, layer.name())))
                .toList();
    }

    /** Whether {@code target} names layers of every BERT encoder. */
    public static boolean isTarget(String target) {
        return MODULES.stream().anyMatch(module -> names(target, module));
    }

    private static boolean names(String target, String layer) {
        return layer.equals(target) || layer.endsWith("." + target);
    }

    /**
     * Token vectors of the last layer.
     *
     * @param batch token ids; its tensors' scope owns every tensor made here
     * @param update what an adapter adds
     * @return (size, length, hidden)
     */
    public PtNDArray forward(TokenBatch batch, LinearUpdate update) {
        PtNDArray x = embed(batch);
        for (int i = 0; i < layers.size(); i++) {
            x = layer(layers.get(i), i * MODULES.size(), x, batch, update);
        }
        return reshape(x, new long[] {batch.size(), batch.length(), config.hiddenSize()});
    }

    private PtNDArray embed(TokenBatch batch) {
        PtNDArray word = embedding(batch.ids(), words, false);
        PtNDArray place = slice(positions, 0, 0, batch.length(), 1);
        place.attach(word.getManager());
        PtNDArray sum = add(add(word, place), tokenType);
        return normalize(
                reshape(sum, new long[] {rows(batch), config.hiddenSize()}), embeddingNorm);
    }

    private PtNDArray layer(
            Layer layer, int module, PtNDArray x, TokenBatch batch, LinearUpdate update) {
        PtNDArray query = adapted(layer.query(), module, x, update);
        PtNDArray key = adapted(layer.key(), module + 1, x, update);
        PtNDArray value = adapted(layer.value(), module + 2, x, update);
        PtNDArray context = attention(query, key, value, batch);
        PtNDArray attended = adapted(layer.attentionOutput(), module + 3, context, update);
        PtNDArray middle = normalize(add(attended, x), layer.attentionNorm());
        PtNDArray wide = gelu(adapted(layer.intermediate(), module + 4, middle, update));
        PtNDArray narrow = adapted(layer.output(), module + 5, wide, update);
        return normalize(add(narrow, middle), layer.outputNorm());
    }

    private static PtNDArray adapted(Linear layer, int module, PtNDArray x, LinearUpdate update) {
        return update.apply(module, x, linear(x, layer.weight(), layer.bias()));
    }

    private PtNDArray attention(PtNDArray query, PtNDArray key, PtNDArray value, TokenBatch batch) {
        int headSize = config.hiddenSize() / config.heads();
        PtNDArray scaled = mul(query, scalar(query.getManager(), 1 / Math.sqrt(headSize)));
        PtNDArray scores = matmul(heads(scaled, batch), transpose(heads(key, batch), 2, 3));
        if (batch.attentionBias() != null) {
            scores = add(scores, batch.attentionBias());
        }
        PtNDArray context = matmul(softmax(scores, 3, DataType.FLOAT32), heads(value, batch));
        return reshape(transpose(context, 1, 2), new long[] {rows(batch), config.hiddenSize()});
    }

    /** (size · length, hidden) as (size, heads, length, hidden / heads). */
    private PtNDArray heads(PtNDArray x, TokenBatch batch) {
        int headSize = config.hiddenSize() / config.heads();
        return transpose(
                reshape(x, new long[] {batch.size(), batch.length(), config.heads(), headSize}),
                1,
                2);
    }

    private PtNDArray normalize(PtNDArray x, Norm norm) {
        return layerNorm(
                x,
                new Shape(config.hiddenSize()),
                norm.weight(),
                norm.bias(),
                config.layerNormEpsilon());
    }

    private static long rows(TokenBatch batch) {
        return (long) batch.size() * batch.length();
    }
}
