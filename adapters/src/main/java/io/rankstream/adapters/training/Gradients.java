package io.rankstream.adapters.training;

import static ai.djl.pytorch.jni.JniUtils.muli;
import static ai.djl.pytorch.jni.JniUtils.sqrt;
import static ai.djl.pytorch.jni.JniUtils.square;
import static ai.djl.pytorch.jni.JniUtils.sum;
import static io.rankstream.adapters.tensor.Tensors.scalar;

import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.JniUtils;
import io.rankstream.adapters.tensor.Tensors;
import java.util.List;

/** Gradients as one flat tensor. */
final class Gradients {

    /** Guard of torch's {@code clip_grad_norm_} against a norm of zero. */
    private static final double CLIP_EPSILON = 1e-6;

    private Gradients() {}

    /** Gradient of {@code loss} by {@code leaves}, one after the other, in {@code scope}. */
    static PtNDArray of(PtNDManager scope, PtNDArray loss, List<PtNDArray> leaves) {
        leaves.forEach(JniUtils::zeroGrad);
        JniUtils.backward(loss, scalar(scope, 1), false, false);
        PtNDArray[] parts = new PtNDArray[leaves.size()];
        for (int i = 0; i < parts.length; i++) {
            PtNDArray gradient = Tensors.gradient(leaves.get(i), scope);
            parts[i] = JniUtils.reshape(gradient, new long[] {-1});
        }
        return JniUtils.cat(parts, 0);
    }

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
