package io.rankstream.adapters.training.optimizer;

import static io.rankstream.adapters.engine.Tensors.scalar;

import ai.djl.pytorch.engine.PtNDArray;
import io.rankstream.adapters.engine.Kernels;
import io.rankstream.adapters.settings.OptimizerSettings;

/** AdamW with the semantics of {@code torch.optim.AdamW}, under one adapter's settings. */
public final class AdamW {

    private final OptimizerSettings settings;
    private final Kernels kernels;

    public AdamW(OptimizerSettings settings, Kernels kernels) {
        this.settings = settings;
        this.kernels = kernels;
    }

    /**
     * One update in place. All tensors are flat and of one length.
     *
     * @param gradient gradient, in the step's scope; left as it is
     * @param update number of this update, from 1
     */
    public void update(
            PtNDArray parameters,
            PtNDArray gradient,
            PtNDArray first,
            PtNDArray second,
            double learningRate,
            long update) {
        kernels.adamW(
                parameters,
                gradient,
                first,
                second,
                scalar(gradient.getManager(), (double) update),
                learningRate,
                settings.beta1(),
                settings.beta2(),
                settings.weightDecay(),
                settings.epsilon());
    }
}
