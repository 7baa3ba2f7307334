package io.rankstream.adapters.training;

import static io.rankstream.adapters.tensor.Tensors.floats;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import io.rankstream.adapters.tensor.Kernels;
import io.rankstream.adapters.tensor.TestDevice;
import org.junit.jupiter.api.Test;

/** Against torch's definition, written out in double precision. */
class AdamWTest {

    private static final double RATE = 0.05;

    private final OptimizerSettings settings =
            new OptimizerSettings(
                    RATE, RATE, .9, .999, 1e-8, .1, 0, new LearningRateSchedule(0, 0));

    @Test
    void followsTorchOverManyUpdates() {
        try (PtNDManager manager = TestDevice.newManager()) {
            AdamW adamW = new AdamW(settings, new Kernels(manager));
            PtNDArray parameter = floats(manager, new float[] {1.5f}, 1);
            PtNDArray first = floats(manager, new float[1], 1);
            PtNDArray second = floats(manager, new float[1], 1);
            double p = 1.5;
            double m = 0;
            double v = 0;
            for (int t = 1; t <= 50; t++) {
                double g = Math.sin(t) * (t % 7);
                PtNDArray gradient = floats(manager, new float[] {(float) g}, 1);
                adamW.update(parameter, gradient, first, second, RATE, t);

                p *= 1 - RATE * .1;
                m = .9 * m + .1 * g;
                v = .999 * v + .001 * g * g;
                double root = Math.sqrt(v) / Math.sqrt(1 - Math.pow(.999, t)) + 1e-8;
                p -= RATE / (1 - Math.pow(.9, t)) * m / root;
                assertThat((double) parameter.getFloat()).isCloseTo(p, within(1e-5));
            }
        }
    }

    @Test
    void leavesTheGradientForTheImportance() {
        try (PtNDManager manager = TestDevice.newManager()) {
            PtNDArray gradient = floats(manager, new float[] {3f}, 1);
            new AdamW(settings, new Kernels(manager))
                    .update(
                            floats(manager, new float[1], 1),
                            gradient,
                            floats(manager, new float[1], 1),
                            floats(manager, new float[1], 1),
                            RATE,
                            1);
            assertThat(gradient.getFloat()).isEqualTo(3f);
        }
    }
}
