package io.rankstream.adapters.engine;

import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.JniUtils;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** Rate at which this machine multiplies matrices: the ceiling of a training step. */
public final class GemmRate {

    private static final int REPETITIONS = 15;

    private GemmRate() {}

    /**
     * Median rate of {@code (m × k) · (k × n)} in single precision, in GFLOP/s, by libtorch's
     * matrix product.
     *
     * @param threads threads of the tensor library
     */
    public static double ofMatrixProduct(ComputeDevice device, int threads, int m, int k, int n) {
        return gigaflops(device, threads, m, k, n, JniUtils::linear);
    }

    /** The same as {@link Products#CONVOLVING} multiplies frozen matrices. */
    public static double ofFrozenProduct(ComputeDevice device, int threads, int m, int k, int n) {
        return gigaflops(
                device,
                threads,
                m,
                k,
                n,
                (left, right, bias) ->
                        Products.frozen(Products.CONVOLVING.operand(left), right, bias));
    }

    private interface Product {
        PtNDArray of(PtNDArray left, PtNDArray right, PtNDArray bias);
    }

    private static double gigaflops(
            ComputeDevice device, int threads, int m, int k, int n, Product product) {
        return onThreadOfItsOwn(() -> measured(device, threads, m, k, n, product));
    }

    /**
     * libtorch's worker threads belong to the thread that calls it, and go with it: two sets of
     * them on the same cores would slow each other down.
     */
    private static double onThreadOfItsOwn(Supplier<Double> measurement) {
        return CompletableFuture.supplyAsync(
                        measurement, task -> new Thread(task, "gemm-rate").start())
                .join();
    }

    private static double measured(
            ComputeDevice device, int threads, int m, int k, int n, Product product) {
        try (PtNDManager manager = device.newManager()) {
            JniUtils.setNumThreads(threads);
            PtNDArray left = Tensors.floats(manager, values(m * k), m, k);
            PtNDArray right = Tensors.floats(manager, values(n * k), n, k);
            PtNDArray bias = Tensors.zeros(manager, n);
            double[] seconds = new double[REPETITIONS];
            for (int i = 0; i < REPETITIONS; i++) {
                long start = System.nanoTime();
                try (PtNDArray result = product.of(left, right, bias)) {
                    // a GPU has finished when a number can be read
                    result.getFloat(0, 0);
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
