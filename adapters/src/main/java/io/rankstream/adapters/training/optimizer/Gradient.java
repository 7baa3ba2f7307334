package io.rankstream.adapters.training.optimizer;

import static io.rankstream.adapters.engine.Operations.addi;
import static io.rankstream.adapters.engine.Operations.muli;
import static io.rankstream.adapters.engine.Operations.sqrt;
import static io.rankstream.adapters.engine.Operations.square;
import static io.rankstream.adapters.engine.Operations.sum;
import static io.rankstream.adapters.engine.Tensors.scalar;

import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import io.rankstream.adapters.engine.Operations;

/**
 * Gradient of an adapter.
 *
 * @param triplets flat, as its triplets lie
 * @param head flat, weight and bias
 */
public record Gradient(PtNDArray triplets, PtNDArray head) implements AutoCloseable {

    /** Guard of torch's {@code clip_grad_norm_} against a norm of zero. */
    private static final double CLIP_EPSILON = 1e-6;

    /** Hands the tensors to another scope. */
    public void attach(PtNDManager scope) {
        triplets.attach(scope);
        head.attach(scope);
    }

    /** Euclidean norm of all. */
    public float norm() {
        return sqrt(Operations.add(sum(square(triplets)), sum(square(head)))).getFloat();
    }

    /** Scales in place to at most {@code maxNorm}; 0 leaves it as it is. */
    public void clip(float norm, double maxNorm) {
        if (maxNorm > 0 && norm > maxNorm) {
            scale(maxNorm / (norm + CLIP_EPSILON));
        }
    }

    /** Multiplies in place. */
    public void scale(double factor) {
        PtNDArray scalar = scalar(triplets.getManager(), factor);
        muli(triplets, scalar);
        muli(head, scalar);
    }

    /** Adds in place. */
    public void add(Gradient other) {
        addi(triplets, other.triplets);
        addi(head, other.head);
    }

    @Override
    public void close() {
        triplets.close();
        head.close();
    }
}
