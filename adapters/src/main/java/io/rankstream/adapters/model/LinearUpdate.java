package io.rankstream.adapters.model;

import ai.djl.pytorch.engine.PtNDArray;

/** What an adapter adds to the frozen linear layers of a base model. */
@FunctionalInterface
public interface LinearUpdate {

    /** Adds nothing: the base model as it is. */
    LinearUpdate NONE = (module, x, base) -> base;

    /**
     * Output of a linear layer.
     *
     * @param module index of the layer in {@link BertEncoder#linearLayers(BertConfig)}
     * @param x input, (tokens, in)
     * @param base the frozen layer's output, (tokens, out)
     * @return (tokens, out)
     */
    PtNDArray apply(int module, PtNDArray x, PtNDArray base);
}
