package io.rankstream.adapters.training;

import static ai.djl.pytorch.jni.JniUtils.addi;
import static ai.djl.pytorch.jni.JniUtils.div;
import static ai.djl.pytorch.jni.JniUtils.muli;
import static ai.djl.pytorch.jni.JniUtils.sqrt;
import static ai.djl.pytorch.jni.JniUtils.square;
import static ai.djl.pytorch.jni.JniUtils.subi;
import static io.rankstream.adapters.tensor.Tensors.scalar;

import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import io.rankstream.adapters.tensor.Blocks;
import io.rankstream.adapters.tensor.MovingAverage;

/**
 * AdamW with the semantics of {@code torch.optim.AdamW}: decoupled weight decay before the update,
 * and epsilon added to the bias-corrected root. Both sides of that division are multiplied by the
 * root's correction, which leaves the quotient and saves a pass over the second moment.
 */
final class AdamW {

    private final OptimizerSettings settings;

    AdamW(OptimizerSettings settings) {
        this.settings = settings;
    }

    /**
     * One update in place. All tensors are flat and of one length.
     *
     * @param gradient gradient, in the step's scope; left as it is
     * @param update number of this update, from 1
     */
    void update(
            PtNDArray parameters,
            PtNDArray gradient,
            PtNDArray first,
            PtNDArray second,
            double learningRate,
            long update) {
        PtNDManager scope = gradient.getManager();
        double firstCorrection = 1 - Math.pow(settings.beta1(), (double) update);
        double rootCorrection = Math.sqrt(1 - Math.pow(settings.beta2(), (double) update));
        MovingAverage firsts = new MovingAverage(scope, settings.beta1());
        MovingAverage seconds = new MovingAverage(scope, settings.beta2());
        PtNDArray kept = scalar(scope, 1 - learningRate * settings.weightDecay());
        PtNDArray epsilon = scalar(scope, rootCorrection * settings.epsilon());
        PtNDArray rate = scalar(scope, rootCorrection * learningRate / firstCorrection);
        Blocks.forEach(
                parameters,
                gradient,
                first,
                second,
                (p, g, m, v) -> {
                    muli(p, kept);
                    firsts.update(m, g);
                    try (PtNDArray squares = square(g)) {
                        seconds.update(v, squares);
                    }
                    try (PtNDArray root = sqrt(v)) {
                        addi(root, epsilon);
                        try (PtNDArray change = div(m, root)) {
                            muli(change, rate);
                            subi(p, change);
                        }
                    }
                });
    }
}
