package io.rankstream.adapters.adalora;

import static io.rankstream.adapters.tensor.Tensors.floats;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import io.rankstream.adapters.tensor.Kernels;
import io.rankstream.adapters.tensor.TestDevice;
import org.junit.jupiter.api.Test;

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
}
