package io.rankstream.adapters.method;

import ai.djl.pytorch.engine.PtNDArray;
import io.rankstream.adapters.engine.Kernels;

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
     * @param gradient gradient that the optimizer used: clipped, regulariser included; overwritten,
     *     so that nothing as large is made on the way
     * @param sensitivity Ī, updated in place
     * @param uncertainty Ū, updated in place
     */
    public void update(
            Kernels kernels,
            PtNDArray parameters,
            PtNDArray gradient,
            PtNDArray sensitivity,
            PtNDArray uncertainty) {
        kernels.importance(
                parameters, gradient, sensitivity, uncertainty, sensitivityDecay, uncertaintyDecay);
    }
}
