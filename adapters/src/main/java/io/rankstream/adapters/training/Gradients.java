package io.rankstream.adapters.training;

import static ai.djl.pytorch.jni.JniUtils.muli;
import static ai.djl.pytorch.jni.JniUtils.sqrt;
import static ai.djl.pytorch.jni.JniUtils.square;
import static ai.djl.pytorch.jni.JniUtils.sum;
import static io.rankstream.adapters.tensor.Tensors.scalar;

import ai.djl.pytorch.engine.PtNDArray;

/** Length of a flat gradient. */
final class Gradients {

    /** Guard of torch's {@code clip_grad_norm_} against a norm of zero. */
    private static final double CLIP_EPSILON = 1e-6;

    private Gradients() {}

    /** Euclidean norm. */
    static float norm(PtNDArray gradient) {
        return sqrt(sum(square(gradient))).getFloat();
    }

    /** Scales {@code gradient} in place to at most {@code maxNorm}; 0 leaves it as it is. */
    static void clip(PtNDArray gradient, float norm, double maxNorm) {
        if (maxNorm > 0 && norm > maxNorm) {
            muli(gradient, scalar(gradient.getManager(), maxNorm / (norm + CLIP_EPSILON)));
        }
    }
}
