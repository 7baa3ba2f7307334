package io.rankstream.adapters.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.JniUtils;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Few rows and many, with one thread and two, give what the definition says, and its gradients. */
class ProductsTest {

    private static final float TOLERANCE = 1e-4f;

    private final PtNDManager manager = TestDevice.newManager();
    private final SplittableRandom random = new SplittableRandom(1);

    @AfterEach
    void close() {
        manager.close();
    }

    @ParameterizedTest
    @CsvSource({"3,1", "3,2", "700,1", "700,2"})
    void frozen(int rows, int threads) {
        int in = 64;
        int out = 5;
        float[] x = draw(rows * in);
        float[] weight = draw(out * in);
        float[] bias = draw(out);
        PtNDArray input = leaf(x, rows, in);

        PtNDArray product =
                computed(
                        threads,
                        () ->
                                Products.frozen(
                                        Products.CONVOLVING.operand(input),
                                        tensor(weight, out, in),
                                        tensor(bias, out)));

        float[] expected = new float[rows * out];
        for (int i = 0; i < rows * out; i++) {
            expected[i] = bias[i % out];
        }
        addProduct(expected, x, weight, rows, in, out);
        assertAlike(product, expected);
        assertAlike(JniUtils.getGradient(input), columnSums(weight, out, in, rows));
    }

    @ParameterizedTest
    @CsvSource({"3,1", "3,2", "700,1", "700,2"})
    void down(int rows, int threads) {
        int in = 64;
        int few = 4;
        float[] x = draw(rows * in);
        float[] weight = draw(few * in);
        PtNDArray input = leaf(x, rows, in);
        PtNDArray learned = leaf(weight, few, in);

        PtNDArray product =
                computed(
                        threads,
                        () ->
                                Products.CONVOLVING.down(
                                        Products.CONVOLVING.operand(input), learned));

        float[] expected = new float[rows * few];
        addProduct(expected, x, weight, rows, in, few);
        assertAlike(product, expected);
        assertAlike(JniUtils.getGradient(input), columnSums(weight, few, in, rows));
        assertAlike(JniUtils.getGradient(learned), columnSums(x, rows, in, few));
    }

    @ParameterizedTest
    @CsvSource({"3,1", "3,2", "1800,1", "1800,2"})
    void up(int rows, int threads) {
        int few = 12;
        int out = 20;
        float[] x = draw(rows * few);
        float[] weight = draw(out * few);
        float[] base = draw(rows * out);
        PtNDArray input = leaf(x, rows, few);
        PtNDArray learned = leaf(weight, out, few);

        PtNDArray product =
                computed(
                        threads,
                        () -> Products.CONVOLVING.up(input, learned, tensor(base, rows, out)));

        float[] expected = base.clone();
        addProduct(expected, x, weight, rows, few, out);
        assertAlike(product, expected);
        assertAlike(JniUtils.getGradient(input), columnSums(weight, out, few, rows));
        assertAlike(JniUtils.getGradient(learned), columnSums(x, rows, few, out));
    }

    @ParameterizedTest
    @CsvSource({"3", "1800"})
    void leaveNothingWithTheirWeight(int rows) {
        PtNDArray weight = tensor(draw(5 * 64), 5, 64);
        PtNDArray bias = tensor(draw(5), 5);
        int owned = manager.getManagedArrays().size();
        try (PtNDManager pass = Tensors.scope(manager)) {
            PtNDArray x = Tensors.floats(pass, draw(rows * 64), rows, 64);
            Products.frozen(Products.CONVOLVING.operand(x), weight, bias);
            Products.CONVOLVING.down(Products.CONVOLVING.operand(x), weight);
            Products.CONVOLVING.up(x, weight, Tensors.zeros(pass, rows, 5));
        }
        assertThat(manager.getManagedArrays()).hasSize(owned);
    }

    @Test
    void countsAreRoundedUpToSixteenAnOctave() {
        assertThat(IntStream.of(1, 31, 32, 33, 64, 65, 2048, 2049).map(Products::roundedUp))
                .containsExactly(1, 31, 32, 34, 64, 68, 2048, 2176);
    }

    @Test
    void countsThatOneDnnIsSlowAtAreLeftOut() {
        assertThat(IntStream.of(448, 1344, 1792, 2688, 3500, 3584).map(Products::roundedUp))
                .containsExactly(464, 1408, 1856, 2816, 3712, 3712);
    }

    @ParameterizedTest
    @CsvSource({"3", "1800"})
    void areTheSameInEveryWay(int rows) {
        PtNDArray x = tensor(draw(rows * 64), rows, 64);
        PtNDArray weight = tensor(draw(12 * 64), 12, 64);
        PtNDArray base = tensor(draw(rows * 5), rows, 5);
        PtNDArray learned = tensor(draw(5 * 12), 5, 12);

        PtNDArray operand = Products.OF_MATRICES.operand(x);
        PtNDArray narrow = Products.OF_MATRICES.down(operand, weight);
        float[] wide = Products.OF_MATRICES.up(narrow, learned, base).toFloatArray();

        assertThat(operand).isSameAs(x);
        for (Products products : List.of(Products.CONVOLVING, Products.CONVOLVING_FROZEN)) {
            assertAlike(products.down(products.operand(x), weight), narrow.toFloatArray());
            assertAlike(products.up(narrow, learned, base), wide);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "GenuineIntel, sse2 avx2 avx512f avx512dq, false, false",
        "GenuineIntel, sse2 avx2, false, false",
        "AuthenticAMD, sse2 avx2 avx512f avx512dq, true, true",
        "AuthenticAMD, sse2 avx2, true, false",
        "HygonGenuine, sse2 avx2, true, false",
        "CentaurHauls, sse2 avx2, false, false"
    })
    void areConvolutionsWhereMklIsSlow(
            String maker, String flags, boolean convolving, boolean convolvingNarrow) {
        String processor =
                "processor\t: 0\nvendor_id\t: %s\ncpu family\t: 6\nflags\t\t: fpu %s rdpid\n\n"
                        .formatted(maker, flags);

        assertThat(Products.of(Processor.of(processor.repeat(2))))
                .isEqualTo(new Products(convolving, convolvingNarrow));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "processor\t: 0\nCPU implementer\t: 0x41\n", "vendor_id\t:\n"})
    void areLibtorchsOwnWhereTheMakerIsUnknown(String cpuinfo) {
        assertThat(Products.of(Processor.of(cpuinfo))).isEqualTo(Products.OF_MATRICES);
    }

    @Test
    void onAGpuAreItsOwn() {
        assertThat(Products.of(new ComputeDevice.Gpu(0))).isEqualTo(Products.OF_MATRICES);
    }

    private interface Computation {
        PtNDArray result();
    }

    /** The result, after a backward pass from the sum of its elements. */
    private PtNDArray computed(int threads, Computation computation) {
        JniUtils.setNumThreads(threads);
        JniUtils.setGradMode(true);
        try {
            PtNDArray result = computation.result();
            JniUtils.backward(JniUtils.sum(result), Tensors.scalar(manager, 1), false, false);
            return result;
        } finally {
            JniUtils.setGradMode(false);
        }
    }

    private float[] draw(int size) {
        float[] values = new float[size];
        for (int i = 0; i < size; i++) {
            values[i] = (float) random.nextDouble(-1, 1);
        }
        return values;
    }

    private PtNDArray tensor(float[] values, long... shape) {
        return Tensors.floats(manager, values, shape);
    }

    private PtNDArray leaf(float[] values, long... shape) {
        PtNDArray leaf = tensor(values, shape);
        JniUtils.attachGradient(leaf, true);
        return leaf;
    }

    private static void addProduct(
            float[] to, float[] x, float[] weight, int rows, int in, int out) {
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < out; j++) {
                double sum = to[i * out + j];
                for (int k = 0; k < in; k++) {
                    sum += (double) x[i * in + k] * weight[j * in + k];
                }
                to[i * out + j] = (float) sum;
            }
        }
    }

    /** Sum of each column of {@code matrix}, in every one of {@code copies} rows. */
    private static float[] columnSums(float[] matrix, int rows, int columns, int copies) {
        float[] sums = new float[copies * columns];
        for (int j = 0; j < columns; j++) {
            double sum = 0;
            for (int i = 0; i < rows; i++) {
                sum += matrix[i * columns + j];
            }
            for (int i = 0; i < copies; i++) {
                sums[i * columns + j] = (float) sum;
            }
        }
        return sums;
    }

    private static void assertAlike(PtNDArray found, float[] expected) {
        assertThat(found.toFloatArray()).containsExactly(expected, within(TOLERANCE));
    }
}
