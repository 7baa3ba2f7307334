package io.rankstream.adapters.task;

import ai.djl.pytorch.engine.PtNDArray;
import io.rankstream.adapters.engine.Operations;
import io.rankstream.adapters.model.OwnHead;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * An adapter's task head as leaves of the autograd graph.
 *
 * @param weight (outputs, hidden)
 * @param bias (outputs)
 * @param mask 0 for a label in use, minus infinity for a retired one (outputs); empty if none is
 * @param dense the layer before it, of a head that has two
 */
public record Head(
        PtNDArray weight, PtNDArray bias, Optional<PtNDArray> mask, Optional<Dense> dense) {

    /**
     * A linear layer as wide as what it reads.
     *
     * @param weight (hidden, hidden)
     * @param ofFeatures its bias, or the weight of the LayerNorm after it, as {@link
     *     OwnHead#ofFeatures} says, (hidden)
     */
    public record Dense(PtNDArray weight, PtNDArray ofFeatures) {}

    /** The bias under which no text has a probability for a retired label. */
    public PtNDArray maskedBias() {
        return mask.map(values -> Operations.add(bias, values)).orElse(bias);
    }

    /** All that it learns, in the order in which states have it. */
    public List<PtNDArray> leaves() {
        List<PtNDArray> leaves = new ArrayList<>(List.of(weight, bias));
        dense.ifPresent(layer -> leaves.addAll(List.of(layer.weight(), layer.ofFeatures())));
        return leaves;
    }
}
