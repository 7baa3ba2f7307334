package io.rankstream.adapters.model;

import ai.djl.pytorch.engine.PtNDArray;
import io.rankstream.adapters.engine.Products;

/** What adapters add to the frozen linear layers of a base model. */
public interface LinearUpdate {

    /** Adds nothing: the base model as it is. */
    LinearUpdate NONE = (module, x, base) -> base;

    /**
     * Output of a linear layer.
     *
     * @param module index of the layer in {@link Architecture#linearLayers()}
     * @param input what {@link #input} made of the layer's input
     * @param base the frozen layer's output, (tokens, out); left as it is
     * @return (tokens, out)
     */
    PtNDArray apply(int module, PtNDArray input, PtNDArray base);

    /**
     * The input of linear layers as this update reads it. Asked for once where several layers share
     * an input.
     *
     * @param operand made of (tokens, in) by {@link Products#operand}
     */
    default PtNDArray input(PtNDArray operand) {
        return operand;
    }
}
