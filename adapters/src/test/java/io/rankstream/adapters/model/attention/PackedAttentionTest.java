package io.rankstream.adapters.model.attention;

import static io.rankstream.adapters.engine.Operations.mul;
import static io.rankstream.adapters.engine.Operations.reshape;
import static io.rankstream.adapters.engine.Operations.sum;
import static io.rankstream.adapters.engine.Tensors.floats;
import static io.rankstream.adapters.engine.Tensors.gradient;
import static io.rankstream.adapters.engine.Tensors.leaf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import io.rankstream.adapters.adalora.TripletLayout;
import io.rankstream.adapters.engine.Autograd;
import io.rankstream.adapters.engine.Products;
import io.rankstream.adapters.engine.TestDevice;
import io.rankstream.adapters.method.TripletBank;
import io.rankstream.adapters.model.ModuleShape;
import io.rankstream.adapters.model.TokenBatch;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every form of attention against the formula, computed text by text in double precision. */
class PackedAttentionTest {

    private static final int SIZE = 4;
    private static final int FEATURES = 6;
    private static final int RANK = 3;
    private static final double SCALE = 1.5;

    /** Some of one length, one of one token, and so unlike that there are several buckets. */
    private static final List<Integer> LENGTHS = List.of(5, 1, 5, 3, 24, 22, 7);

    private static final int BUCKETS = 9;

    private final Random random = new Random(11);

    static Stream<Arguments> forms() {
        return Stream.of(
                        new AttentionHeads(4, SIZE),
                        new AttentionHeads(4, 2, SIZE),
                        new AttentionHeads(6, 2, SIZE),
                        new AttentionHeads(3, 1, SIZE))
                .flatMap(
                        heads ->
                                Stream.of(false, true)
                                        .map(relative -> Arguments.of(heads, relative)));
    }

    /** Distances from -4 to 4, and all that are further. */
    private static int bucketOf(int distance) {
        return Math.max(-4, Math.min(4, distance)) + 4;
    }

    private static PackedAttention attention(
            PtNDManager scope, AttentionHeads heads, Optional<float[]> distances) {
        return new PackedAttention(
                scope,
                TokenBatch.of(scope, texts()),
                heads,
                distances.map(
                        table ->
                                new DistanceBias(
                                        floats(scope, table, BUCKETS, heads.queries()),
                                        PackedAttentionTest::bucketOf)));
    }

    @ParameterizedTest
    @MethodSource("forms")
    void isWhatTheFormulaSaysAndSoAreItsGradients(AttentionHeads heads, boolean relative) {
        int wide = heads.queries() * SIZE;
        int narrow = heads.keyValues() * SIZE;
        int tokens = LENGTHS.stream().mapToInt(Integer::intValue).sum();
        int rows = Products.roundedUp(tokens);
        float[] table = draw(BUCKETS * heads.queries());
        float[][] inputs = {draw(rows * wide), draw(rows * narrow), draw(rows * narrow)};
        float[] direction = draw(rows * wide);
        Arrays.fill(direction, tokens * wide, rows * wide, 0f);
        try (PtNDManager scope = TestDevice.newManager()) {
            Optional<float[]> distances = relative ? Optional.of(table) : Optional.empty();
            PackedAttention attention = attention(scope, heads, distances);
            PtNDArray[] leaves = {
                leaf(scope, floats(scope, inputs[0], inputs[0].length), 0, rows, wide),
                leaf(scope, floats(scope, inputs[1], inputs[1].length), 0, rows, narrow),
                leaf(scope, floats(scope, inputs[2], inputs[2].length), 0, rows, narrow)
            };
            PtNDArray context =
                    backward(
                            scope,
                            () -> attention.context(leaves[0], leaves[1], leaves[2]),
                            direction);

            double[][] plain = {doubles(inputs[0]), doubles(inputs[1]), doubles(inputs[2])};
            double[] expected = context(heads, distances, plain[0], plain[1], plain[2]);
            float[] found = context.toFloatArray();
            for (int i = 0; i < tokens * wide; i++) {
                assertThat((double) found[i]).isCloseTo(expected[i], within(1e-5));
            }
            ToDoubleFunction<double[][]> loss =
                    of -> dot(context(heads, distances, of[0], of[1], of[2]), direction);
            for (int part = 0; part < 3; part++) {
                float[] gradient = gradient(leaves[part], scope).toFloatArray();
                for (int i : new int[] {0, 3, 21, 5 * SIZE, 20 * narrow, tokens * narrow - 1}) {
                    assertThat((double) gradient[i])
                            .as("input %d, element %d", part, i)
                            .isCloseTo(slope(loss, plain, part, i), within(1e-5));
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("forms")
    void carriesTripletsOnOneLayerForQueryKeyAndValue(AttentionHeads heads, boolean relative) {
        int out = (heads.queries() + 2 * heads.keyValues()) * SIZE;
        ModuleShape fused = new ModuleShape("layers.0.attn.Wqkv", FEATURES, out);
        TripletLayout layout = new TripletLayout(List.of(fused), RANK);
        int tokens = LENGTHS.stream().mapToInt(Integer::intValue).sum();
        int rows = Products.roundedUp(tokens);
        float[] x = draw(rows * FEATURES);
        float[] weight = draw(out * FEATURES);
        float[] bias = draw(out);
        float[] triplets = draw(layout.size());
        float[] table = draw(BUCKETS * heads.queries());
        float[] direction = draw(rows * heads.queries() * SIZE);
        Arrays.fill(direction, tokens * heads.queries() * SIZE, direction.length, 0f);
        try (PtNDManager scope = TestDevice.newManager()) {
            Optional<float[]> distances = relative ? Optional.of(table) : Optional.empty();
            PackedAttention attention = attention(scope, heads, distances);
            Products products = Products.OF_MATRICES;
            TripletBank bank =
                    new TripletBank(
                            scope,
                            layout,
                            List.of(fused),
                            List.of(
                                    new TripletBank.Part(
                                            floats(scope, triplets, triplets.length),
                                            SCALE,
                                            tokens)),
                            0,
                            products);
            PtNDArray operand = products.operand(floats(scope, x, rows, FEATURES));
            PtNDArray frozen =
                    Products.frozen(
                            operand,
                            floats(scope, weight, out, FEATURES),
                            floats(scope, bias, out));
            PtNDArray context =
                    backward(
                            scope,
                            () -> attention.context(bank.apply(0, bank.input(operand), frozen)),
                            direction);

            ToDoubleFunction<double[][]> loss =
                    of -> dot(fused(heads, distances, layout, x, weight, bias, of[0]), direction);
            double[][] plain = {doubles(triplets)};
            double[] expected = fused(heads, distances, layout, x, weight, bias, plain[0]);
            float[] found = context.toFloatArray();
            for (int i = 0; i < tokens * heads.queries() * SIZE; i++) {
                assertThat((double) found[i]).isCloseTo(expected[i], within(1e-4));
            }
            float[] gradient = bank.gradients().get(0).toFloatArray();
            for (int i = 0; i < layout.size(); i += 7) {
                double slope = slope(loss, plain, 0, i);
                assertThat((double) gradient[i])
                        .as("element %d", i)
                        .isCloseTo(slope, within(1e-3 * Math.abs(slope) + 1e-3));
            }
        }
    }

    @Test
    void wantsHeadsThatShareKeysEvenly() {
        assertThatThrownBy(() -> new AttentionHeads(4, 3, SIZE))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "there are 3 heads for keys and values, expected a number that divides the 4 for queries");
    }

    /** Gradients of the sum of what is computed, weighted by {@code direction}. */
    private static PtNDArray backward(
            PtNDManager scope, Supplier<PtNDArray> forward, float[] direction) {
        Autograd.record(true);
        try {
            PtNDArray found = forward.get();
            PtNDArray weights = floats(scope, direction, direction.length);
            Autograd.backward(sum(mul(reshape(found, -1), weights)), scope);
            return found;
        } finally {
            Autograd.record(false);
        }
    }

    private static List<int[]> texts() {
        return LENGTHS.stream().map(int[]::new).toList();
    }

    private float[] draw(int count) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) random.nextGaussian() / 2;
        }
        return values;
    }

    private static double[] doubles(float[] values) {
        double[] wide = new double[values.length];
        for (int i = 0; i < wide.length; i++) {
            wide[i] = values[i];
        }
        return wide;
    }

    private static double dot(double[] values, float[] direction) {
        double sum = 0;
        for (int i = 0; i < values.length; i++) {
            sum += values[i] * direction[i];
        }
        return sum;
    }

    private static double slope(
            ToDoubleFunction<double[][]> function, double[][] at, int part, int element) {
        double step = 1e-5;
        double[][] up = {at[0], at.length > 1 ? at[1] : null, at.length > 1 ? at[2] : null};
        double[][] down = up.clone();
        up[part] = at[part].clone();
        up[part][element] += step;
        down[part] = at[part].clone();
        down[part][element] -= step;
        return (function.applyAsDouble(up) - function.applyAsDouble(down)) / (2 * step);
    }

    /** x W' + b + s ((x A') e) B', then attention. */
    private static double[] fused(
            AttentionHeads heads,
            Optional<float[]> distances,
            TripletLayout layout,
            float[] x,
            float[] weight,
            float[] bias,
            double[] triplets) {
        int out = bias.length;
        int rows = x.length / FEATURES;
        int wide = heads.queries() * SIZE;
        int narrow = heads.keyValues() * SIZE;
        double[][] parts = {
            new double[rows * wide], new double[rows * narrow], new double[rows * narrow]
        };
        for (int row = 0; row < rows; row++) {
            double[] down = new double[RANK];
            for (int r = 0; r < RANK; r++) {
                for (int f = 0; f < FEATURES; f++) {
                    down[r] +=
                            x[row * FEATURES + f] * triplets[layout.offsetA(0) + r * FEATURES + f];
                }
                down[r] *= SCALE * triplets[layout.offsetE(0) + r];
            }
            for (int o = 0; o < out; o++) {
                double y = bias[o];
                for (int f = 0; f < FEATURES; f++) {
                    y += x[row * FEATURES + f] * (double) weight[o * FEATURES + f];
                }
                for (int r = 0; r < RANK; r++) {
                    y += down[r] * triplets[layout.offsetB(0) + o * RANK + r];
                }
                int part = o < wide ? 0 : o < wide + narrow ? 1 : 2;
                int first = part == 0 ? 0 : part == 1 ? wide : wide + narrow;
                parts[part][row * (part == 0 ? wide : narrow) + o - first] = y;
            }
        }
        return context(heads, distances, parts[0], parts[1], parts[2]);
    }

    private static double[] context(
            AttentionHeads heads, Optional<float[]> distances, double[] q, double[] k, double[] v) {
        double[] context = new double[q.length];
        int wide = heads.queries() * SIZE;
        int narrow = heads.keyValues() * SIZE;
        int first = 0;
        for (int length : LENGTHS) {
            for (int head = 0; head < heads.queries(); head++) {
                int shared = head * heads.keyValues() / heads.queries();
                for (int i = 0; i < length; i++) {
                    double[] weights = new double[length];
                    double total = 0;
                    for (int j = 0; j < length; j++) {
                        double score = 0;
                        for (int f = 0; f < SIZE; f++) {
                            score +=
                                    q[(first + i) * wide + head * SIZE + f]
                                            * k[(first + j) * narrow + shared * SIZE + f];
                        }
                        score /= Math.sqrt(SIZE);
                        if (distances.isPresent()) {
                            score += distances.get()[bucketOf(j - i) * heads.queries() + head];
                        }
                        weights[j] = Math.exp(score);
                        total += weights[j];
                    }
                    for (int j = 0; j < length; j++) {
                        for (int f = 0; f < SIZE; f++) {
                            context[(first + i) * wide + head * SIZE + f] +=
                                    weights[j]
                                            / total
                                            * v[(first + j) * narrow + shared * SIZE + f];
                        }
                    }
                }
            }
            first += length;
        }
        return context;
    }
}
