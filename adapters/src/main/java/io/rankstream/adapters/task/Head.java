package io.rankstream.adapters.task;

import ai.djl.pytorch.engine.PtNDArray;
import io.rankstream.adapters.engine.Operations;
import java.util.Optional;

/**
 * An adapter's task head as leaves of the autograd graph.
 *
 * @param weight (labels, hidden)
 * @param bias (labels)
 * @param mask 0 for a label in use, minus infinity for a retired one (labels); empty if none is
 */
public record Head(PtNDArray weight, PtNDArray bias, Optional<PtNDArray> mask) {

    /** The bias under which no text has a probability for a retired label. */
    public PtNDArray maskedBias() {
        return mask.map(values -> Operations.add(bias, values)).orElse(bias);
    }
}
