package io.rankstream.adapters.model;

import ai.djl.pytorch.engine.PtNDArray;
import io.rankstream.adapters.engine.Products;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The build of one base model: a {@link Family} with this model's sizes. Everything outside of the
 * family's own package asks here.
 */
public interface Architecture {

    /** The family that it belongs to. */
    Family family();

    /**
     * Everything that decides what the network computes beside its weights, as a text that stays as
     * it is for ever: the digest of every base model, and so every stored adapter, depends on it.
     */
    String canonical();

    /** Number of token ids. */
    int vocabSize();

    /** Features of a token vector. */
    int hiddenSize();

    /** Encoder layers. */
    int layers();

    /** Most tokens in a text, special tokens included. */
    int maxTokens();

    /** Types of tokens: with two or more, the texts of a pair are told apart. */
    int tokenTypes();

    /** The head of two layers that transformers' sequence classification has for this model. */
    default Optional<OwnHead> ownHead() {
        return family().ownHead();
    }

    /** Layers that can carry an update, in the order that {@link LinearUpdate} counts them. */
    List<ModuleShape> linearLayers();

    /**
     * The layers that {@code targets} name.
     *
     * @param targets what {@link TargetModule} understands
     */
    default List<ModuleShape> linearLayers(List<String> targets) {
        List<TargetModule> understood = targets.stream().map(TargetModule::of).toList();
        return linearLayers().stream()
                .filter(
                        layer ->
                                understood.stream()
                                        .anyMatch(target -> target.names(family(), layer.name())))
                .toList();
    }

    /** Shape of every tensor of the network by its name, in the order of computation. */
    Map<String, int[]> tensors();

    /** Shape of every tensor of the pooler, which a model may lack. */
    Map<String, int[]> poolerTensors();

    /**
     * The network on a device.
     *
     * @param tensors those of {@link #tensors}, and of {@link #poolerTensors} or none of them, by
     *     name; the network's from here on
     * @param products how its frozen layers multiply
     */
    BaseNetwork network(Map<String, PtNDArray> tensors, Products products);
}
