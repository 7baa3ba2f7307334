package io.rankstream.adapters.training;

import static ai.djl.pytorch.jni.JniUtils.addi;
import static ai.djl.pytorch.jni.JniUtils.divi;
import static ai.djl.pytorch.jni.JniUtils.mul;
import static ai.djl.pytorch.jni.JniUtils.muli;
import static ai.djl.pytorch.jni.JniUtils.sqrt;
import static ai.djl.pytorch.jni.JniUtils.square;
import static ai.djl.pytorch.jni.JniUtils.subi;
import static io.rankstream.adapters.tensor.Tensors.scalar;

import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;

/**
 * AdamW with the semantics of {@code torch.optim.AdamW}: decoupled weight decay before the update,
 * and epsilon added to the bias-corrected root.
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
        if (settings.weightDecay() != 0) {
            muli(parameters, scalar(scope, 1 - learningRate * settings.weightDecay()));
        }
        muli(first, scalar(scope, settings.beta1()));
        addi(first, mul(gradient, scalar(scope, 1 - settings.beta1())));
        muli(second, scalar(scope, settings.beta2()));
        addi(second, mul(square(gradient), scalar(scope, 1 - settings.beta2())));

        double firstCorrection = 1 - Math.pow(settings.beta1(), (double) update);
        double secondCorrection = 1 - Math.pow(settings.beta2(), (double) update);
        PtNDArray root = sqrt(mul(scalar(scope, 1 / secondCorrection), second));
        addi(root, scalar(scope, settings.epsilon()));
        PtNDArray change = mul(scalar(scope, learningRate / firstCorrection), first);
        divi(change, root);
        subi(parameters, change);
    }
}
