package io.rankstream.adapters.training.optimizer;

import static io.rankstream.adapters.engine.Tensors.floats;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import io.rankstream.adapters.engine.Kernels;
import io.rankstream.adapters.engine.TestDevice;
import io.rankstream.adapters.settings.LearningRateSchedule;
import io.rankstream.adapters.settings.OptimizerSettings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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

    /** Below, at and above the width of the vectors, and enough for several threads. */
    @ParameterizedTest
    @ValueSource(ints = {1, 16, 37, 100_003})
    void updatesEveryElement(int size) {
        try (PtNDManager manager = TestDevice.newManager()) {
            float[] values = new float[size];
            float[] slopes = new float[size];
            for (int i = 0; i < size; i++) {
                values[i] = (float) Math.cos(i);
                slopes[i] = (float) (Math.sin(i) * (i % 5));
            }
            PtNDArray parameters = floats(manager, values, size);
            PtNDArray gradient = floats(manager, slopes, size);
            PtNDArray first = floats(manager, new float[size], size);
            PtNDArray second = floats(manager, new float[size], size);

            new AdamW(settings, new Kernels(manager))
                    .update(parameters, gradient, first, second, RATE, 1);

            float[] updated = parameters.toFloatArray();
            float[] firsts = first.toFloatArray();
            float[] seconds = second.toFloatArray();
            for (int i = 0; i < size; i++) {
                double g = slopes[i];
                double expected = values[i] * (1 - RATE * .1) - RATE * g / (Math.abs(g) + 1e-8);
                assertThat((double) updated[i]).as("at " + i).isCloseTo(expected, within(1e-5));
                assertThat((double) firsts[i]).as("at " + i).isCloseTo(.1 * g, within(1e-6));
                assertThat((double) seconds[i]).as("at " + i).isCloseTo(.001 * g * g, within(1e-6));
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
