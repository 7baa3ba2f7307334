package io.rankstream.adapters.adalora;

import static ai.djl.pytorch.jni.JniUtils.abs;
import static ai.djl.pytorch.jni.JniUtils.addi;
import static ai.djl.pytorch.jni.JniUtils.mul;
import static ai.djl.pytorch.jni.JniUtils.muli;
import static ai.djl.pytorch.jni.JniUtils.sub;
import static io.rankstream.adapters.tensor.Tensors.scalar;

import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;

/**
 * Importance EMAs of parameters (eq. 8 to 10 of the paper), zero at first and without bias
 * correction, as in the published code.
 *
 * @param sensitivityDecay β1 of Ī
 * @param uncertaintyDecay β2 of Ū
 */
public record Importance(double sensitivityDecay, double uncertaintyDecay) {

    /**
     * {@code I = |p ⊙ g|}; {@code Ī ← β1·Ī + (1−β1)·I}; {@code Ū ← β2·Ū + (1−β2)·|I − Ī|} with the
     * new Ī. All tensors are flat and of one length.
     *
     * @param parameters values after the optimizer's step, in the step's scope
     * @param gradient gradient that the optimizer used: clipped, regulariser included
     * @param sensitivity Ī, updated in place
     * @param uncertainty Ū, updated in place
     */
    public void update(
            PtNDArray parameters,
            PtNDArray gradient,
            PtNDArray sensitivity,
            PtNDArray uncertainty) {
        PtNDArray current = abs(mul(parameters, gradient));
        smooth(sensitivity, current, sensitivityDecay);
        smooth(uncertainty, abs(sub(current, sensitivity)), uncertaintyDecay);
    }

    private static void smooth(PtNDArray average, PtNDArray current, double decay) {
        PtNDManager scope = current.getManager();
        muli(average, scalar(scope, decay));
        addi(average, mul(current, scalar(scope, 1 - decay)));
    }
}
