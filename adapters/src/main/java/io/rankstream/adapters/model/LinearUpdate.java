package io.rankstream.adapters.model;

import ai.djl.pytorch.engine.PtNDArray;
import io.rankstream.adapters.engine.Products;
import java.util.List;

/** What adapters add to the frozen linear layers of a base model. */
public interface LinearUpdate {

    /** Adds nothing: the base model as it is. */
    LinearUpdate NONE =
            new LinearUpdate() {
                @Override
                public Input input(PtNDArray operand) {
                    return null;
                }

                @Override
                public Input input(PtNDArray operand, List<Integer> rows) {
                    return null;
                }

                @Override
                public PtNDArray apply(int module, Input input, PtNDArray base) {
                    return base;
                }

                @Override
                public List<Integer> tokens() {
                    return List.of();
                }
            };

    /** The input of linear layers as an update reads it. */
    interface Input {}

    /**
     * The input of layers that compute a row for each token. Asked for once where several layers
     * share an input.
     *
     * @param operand made of (tokens, in) by {@link Products#operand}
     */
    Input input(PtNDArray operand);

    /**
     * The input of layers that compute other rows than the batch's tokens: those of the texts that
     * a decoder attends to, or of a table of distances.
     *
     * @param operand made of (rows, in) by {@link Products#operand}, adapter after adapter
     * @param rows those of each adapter in the pass, in its order; at least one
     */
    Input input(PtNDArray operand, List<Integer> rows);

    /**
     * Output of a linear layer.
     *
     * @param module index of the layer in {@link Architecture#linearLayers()}
     * @param input what {@code input} made of the layer's input
     * @param base the frozen layer's output, (rows, out); left as it is
     * @return (rows, out)
     */
    PtNDArray apply(int module, Input input, PtNDArray base);

    /** Tokens of each adapter in the pass, in its order; empty where there is no adapter. */
    List<Integer> tokens();
}
