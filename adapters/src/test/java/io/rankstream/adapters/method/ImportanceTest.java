package io.rankstream.adapters.method;

import static io.rankstream.adapters.engine.Tensors.floats;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import io.rankstream.adapters.engine.Kernels;
import io.rankstream.adapters.engine.TestDevice;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ImportanceTest {

    private static final double[][] GOLDEN = {
        {.15, .1275, .019125}, {.2775, .21675, .060148125}, {.385875, .27635625, .106638968}
    };

    @Test
    void smoothsSteadySensitivityAsPublished() {
        try (PtNDManager manager = TestDevice.newManager()) {
            Kernels kernels = new Kernels(manager);
            Importance importance = new Importance(.85, .85);
            PtNDArray parameter = floats(manager, new float[] {-2f}, 1);
            PtNDArray sensitivity = floats(manager, new float[1], 1);
            PtNDArray uncertainty = floats(manager, new float[1], 1);
            for (double[] golden : GOLDEN) {
                PtNDArray gradient = floats(manager, new float[] {.5f}, 1);
                importance.update(kernels, parameter, gradient, sensitivity, uncertainty);
                double smoothed = sensitivity.getFloat();
                double deviation = uncertainty.getFloat();
                assertThat(smoothed).isCloseTo(golden[0], within(1e-6));
                assertThat(deviation).isCloseTo(golden[1], within(1e-6));
                assertThat(smoothed * deviation).isCloseTo(golden[2], within(1e-6));
            }
        }
    }

    /** Below, at and above the width of the vectors, and enough for several threads. */
    @ParameterizedTest
    @ValueSource(ints = {1, 16, 37, 100_003})
    void movesEveryElement(int size) {
        try (PtNDManager manager = TestDevice.newManager()) {
            float[] values = new float[size];
            float[] slopes = new float[size];
            float[] before = new float[size];
            for (int i = 0; i < size; i++) {
                values[i] = (float) Math.cos(i);
                slopes[i] = (float) (Math.sin(i) * (i % 5));
                before[i] = i % 3;
            }
            PtNDArray sensitivity = floats(manager, before, size);
            PtNDArray uncertainty = floats(manager, before, size);

            new Importance(.8, .6)
                    .update(
                            new Kernels(manager),
                            floats(manager, values, size),
                            floats(manager, slopes, size),
                            sensitivity,
                            uncertainty);

            float[] smoothed = sensitivity.toFloatArray();
            float[] deviations = uncertainty.toFloatArray();
            for (int i = 0; i < size; i++) {
                double current = Math.abs((double) values[i] * slopes[i]);
                double mean = .8 * before[i] + .2 * current;
                double deviation = .6 * before[i] + .4 * Math.abs(current - mean);
                assertThat((double) smoothed[i]).as("at " + i).isCloseTo(mean, within(1e-5));
                assertThat((double) deviations[i]).as("at " + i).isCloseTo(deviation, within(1e-5));
            }
        }
    }
}
