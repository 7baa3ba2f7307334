package io.rankstream.adapters.tensor;

import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.JniUtils;
import java.util.Arrays;

/** Rate at which this machine multiplies matrices: the ceiling of a training step. */
public final class GemmRate {

    private static final int REPETITIONS = 15;

    private GemmRate() {}

    /**
     * Median rate of {@code (m × k) · (k × n)} in single precision, in GFLOP/s.
     *
     * @param threads threads of the tensor library
     */
    public static double gigaflops(ComputeDevice device, int threads, int m, int k, int n) {
        try (PtNDManager manager = device.newManager()) {
            JniUtils.setNumThreads(threads);
            PtNDArray left = Tensors.floats(manager, values(m * k), m, k);
            PtNDArray right = Tensors.floats(manager, values(n * k), n, k);
            double[] seconds = new double[REPETITIONS];
            for (int i = 0; i < REPETITIONS; i++) {
                long start = System.nanoTime();
                try (PtNDArray product = Tensors.product(left, right)) {
                    // a GPU has finished when a number can be read
                    product.getFloat(0, 0);
                }
                seconds[i] = (System.nanoTime() - start) / 1e9;
            }
            Arrays.sort(seconds);
            return 2.0 * m * k * n / seconds[REPETITIONS / 2] / 1e9;
        }
    }

    private static float[] values(int size) {
        float[] values = new float[size];
        for (int i = 0; i < size; i++) {
            values[i] = (i % 17 - 8) / 8f;
        }
        return values;
    }
}
