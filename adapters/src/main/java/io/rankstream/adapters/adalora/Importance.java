package io.rankstream.adapters.adalora;

import static ai.djl.pytorch.jni.JniUtils.abs;
import static ai.djl.pytorch.jni.JniUtils.mul;
import static ai.djl.pytorch.jni.JniUtils.subi;

import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import io.rankstream.adapters.tensor.Blocks;
import io.rankstream.adapters.tensor.MovingAverage;

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
     * @param parameters values after the optimizer's step
     * @param gradient gradient that the optimizer used, in the step's scope: clipped, regulariser
     *     included
     * @param sensitivity Ī, updated in place
     * @param uncertainty Ū, updated in place
     */
    public void update(
            PtNDArray parameters,
            PtNDArray gradient,
            PtNDArray sensitivity,
            PtNDArray uncertainty) {
        PtNDManager scope = gradient.getManager();
        MovingAverage sensitivities = new MovingAverage(scope, sensitivityDecay);
        MovingAverage uncertainties = new MovingAverage(scope, uncertaintyDecay);
        Blocks.forEach(
                parameters,
                gradient,
                sensitivity,
                uncertainty,
                (p, g, i, u) -> {
                    try (PtNDArray product = mul(p, g);
                            PtNDArray current = abs(product)) {
                        sensitivities.update(i, current);
                        subi(current, i);
                        try (PtNDArray deviation = abs(current)) {
                            uncertainties.update(u, deviation);
                        }
                    }
                });
    }
}
