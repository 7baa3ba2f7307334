package io.rankstream.adapters.model.encoder;

import static io.rankstream.adapters.engine.Operations.layerNorm;
import static io.rankstream.adapters.engine.Tensors.zeros;

import ai.djl.pytorch.engine.PtNDArray;
import java.util.Map;

/**
 * A LayerNorm (Ba et al., 2016) with frozen weights.
 *
 * @param weight (features), and so is {@code bias}
 * @param epsilon added to the variance
 */
public record Norm(PtNDArray weight, PtNDArray bias, float epsilon) {

    /** The one of a name among a model's tensors. */
    public static Norm of(Map<String, PtNDArray> tensors, String name, float epsilon) {
        return new Norm(tensors.get(name + ".weight"), tensors.get(name + ".bias"), epsilon);
    }

    /** The same of a model whose LayerNorms have no bias. */
    public static Norm withoutBias(Map<String, PtNDArray> tensors, String name, float epsilon) {
        PtNDArray weight = tensors.get(name + ".weight");
        return new Norm(weight, zeros(weight.getManager(), weight.size()), epsilon);
    }

    /**
     * Normalizes every row.
     *
     * @param x (rows, features), and so is the result, which is of x's scope
     */
    public PtNDArray forward(PtNDArray x) {
        return layerNorm(x, weight, bias, epsilon);
    }
}
