package io.rankstream.adapters.model.attention;

import static io.rankstream.adapters.engine.Operations.mul;
import static io.rankstream.adapters.engine.Operations.reshape;
import static io.rankstream.adapters.engine.Operations.sum;
import static io.rankstream.adapters.engine.Tensors.floats;
import static io.rankstream.adapters.engine.Tensors.gradient;
import static io.rankstream.adapters.engine.Tensors.leaf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import io.rankstream.adapters.engine.Autograd;
import io.rankstream.adapters.engine.Products;
import io.rankstream.adapters.engine.TestDevice;
import io.rankstream.adapters.model.TokenBatch;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Attention by content and distance against the formula, text by text in double precision. */
class DisentangledAttentionTest {

    private static final int HEADS = 3;
    private static final int SIZE = 4;
    private static final int FEATURES = HEADS * SIZE;

    /** Some of one length, of one token, and so unlike that there are several buckets. */
    private static final List<Integer> LENGTHS = List.of(5, 1, 5, 3, 24, 22, 7, 1);

    private static final int TOKENS = LENGTHS.stream().mapToInt(Integer::intValue).sum();
    private static final int ROWS = Products.roundedUp(TOKENS);

    /** Distances from -5 to 5, and all that are further, in a table that ends further up. */
    private static final int TABLE = 14;

    private static final int QUERY = 0;
    private static final int KEY = 1;
    private static final int VALUE = 2;
    private static final int KEYS = 3;
    private static final int QUERIES = 4;

    private final Random random = new Random(5);

    /**
     * A form of attention.
     *
     * @param keys whether queries meet distances
     * @param queries whether keys do
     * @param tables which table each text reads
     */
    private record Form(boolean keys, boolean queries, List<Integer> tables) {

        int terms() {
            return 1 + (keys ? 1 : 0) + (queries ? 1 : 0);
        }

        int count() {
            return tables.stream().mapToInt(table -> table).max().orElseThrow() + 1;
        }

        /** Index of a feature of a distance between two tokens of a text. */
        int row(int text, int query, int key) {
            return tables.get(text) * TABLE + rowOf(query - key);
        }
    }

    private static int rowOf(int distance) {
        return Math.max(-5, Math.min(5, distance)) + 6;
    }

    static Stream<Arguments> forms() {
        List<Integer> one = List.of(0, 0, 0, 0, 0, 0, 0, 0);
        List<Integer> several = List.of(0, 0, 0, 1, 1, 2, 2, 2);
        return Stream.of(one, several)
                .flatMap(
                        tables ->
                                Stream.of(
                                        new Form(true, true, tables),
                                        new Form(true, false, tables),
                                        new Form(false, true, tables)))
                .map(Arguments::of);
    }

    @ParameterizedTest
    @MethodSource("forms")
    void isWhatTheFormulaSaysAndSoAreItsGradients(Form form) {
        int inTables = form.count() * TABLE * FEATURES;
        float[][] inputs = {
            draw(ROWS * FEATURES),
            draw(ROWS * FEATURES),
            draw(ROWS * FEATURES),
            draw(inTables),
            draw(inTables)
        };
        float[] direction = draw(ROWS * FEATURES);
        Arrays.fill(direction, TOKENS * FEATURES, direction.length, 0f);
        try (PtNDManager scope = TestDevice.newManager()) {
            PtNDArray[] leaves = new PtNDArray[inputs.length];
            for (int i = 0; i < leaves.length; i++) {
                PtNDArray flat = floats(scope, inputs[i], inputs[i].length);
                leaves[i] = leaf(scope, flat, 0, inputs[i].length / FEATURES, FEATURES);
            }
            float[] found = contextAfterBackward(scope, form, leaves, direction);

            double[][] plain = Stream.of(inputs).map(this::doubles).toArray(double[][]::new);
            double[] expected = context(form, plain);
            for (int i = 0; i < TOKENS * FEATURES; i++) {
                assertThat((double) found[i]).isCloseTo(expected[i], within(1e-5));
            }
            for (int part = 0; part < leaves.length; part++) {
                if ((part == KEYS && !form.keys()) || (part == QUERIES && !form.queries())) {
                    continue;
                }
                float[] gradient = gradient(leaves[part], scope).toFloatArray();
                for (int i = 0; i < Math.min(gradient.length, TOKENS * FEATURES); i += 17) {
                    assertThat((double) gradient[i])
                            .as("input %d, element %d", part, i)
                            .isCloseTo(slope(form, plain, part, i, direction), within(1e-5));
                }
            }
        }
    }

    private static float[] contextAfterBackward(
            PtNDManager scope, Form form, PtNDArray[] leaves, float[] direction) {
        PackedAttention attention =
                new PackedAttention(
                        scope,
                        TokenBatch.of(scope, LENGTHS.stream().map(int[]::new).toList()),
                        new AttentionHeads(HEADS, SIZE),
                        form.terms(),
                        new DistanceTable(TABLE, DisentangledAttentionTest::rowOf, form.tables()));
        Autograd.record(true);
        try {
            PtNDArray context =
                    attention.context(
                            leaves[QUERY],
                            leaves[KEY],
                            leaves[VALUE],
                            new DistanceVectors(
                                    Optional.of(leaves[KEYS]).filter(any -> form.keys()),
                                    Optional.of(leaves[QUERIES]).filter(any -> form.queries())));
            PtNDArray weights = floats(scope, direction, direction.length);
            Autograd.backward(sum(mul(reshape(context, -1), weights)), scope);
            return context.toFloatArray();
        } finally {
            Autograd.record(false);
        }
    }

    /** Eq. 2 and 4 of the paper, with the softmax over the keys of one text. */
    private static double[] context(Form form, double[][] of) {
        double[] context = new double[of[QUERY].length];
        int first = 0;
        for (int text = 0; text < LENGTHS.size(); text++) {
            int length = LENGTHS.get(text);
            for (int head = 0; head < HEADS; head++) {
                for (int i = 0; i < length; i++) {
                    double[] weights = new double[length];
                    double total = 0;
                    for (int j = 0; j < length; j++) {
                        int row = form.row(text, i, j);
                        double score = dot(of[QUERY], first + i, of[KEY], first + j, head);
                        if (form.keys()) {
                            score += dot(of[QUERY], first + i, of[KEYS], row, head);
                        }
                        if (form.queries()) {
                            score += dot(of[KEY], first + j, of[QUERIES], row, head);
                        }
                        weights[j] = Math.exp(score / Math.sqrt((double) form.terms() * SIZE));
                        total += weights[j];
                    }
                    for (int j = 0; j < length; j++) {
                        for (int f = head * SIZE; f < (head + 1) * SIZE; f++) {
                            context[(first + i) * FEATURES + f] +=
                                    weights[j] / total * of[VALUE][(first + j) * FEATURES + f];
                        }
                    }
                }
            }
            first += length;
        }
        return context;
    }

    private static double dot(double[] x, int rowOfX, double[] y, int rowOfY, int head) {
        double sum = 0;
        for (int f = head * SIZE; f < (head + 1) * SIZE; f++) {
            sum += x[rowOfX * FEATURES + f] * y[rowOfY * FEATURES + f];
        }
        return sum;
    }

    private static double slope(
            Form form, double[][] at, int part, int element, float[] direction) {
        double step = 1e-5;
        double[][] up = at.clone();
        double[][] down = at.clone();
        up[part] = at[part].clone();
        up[part][element] += step;
        down[part] = at[part].clone();
        down[part][element] -= step;
        return (along(direction, context(form, up)) - along(direction, context(form, down)))
                / (2 * step);
    }

    private static double along(float[] direction, double[] values) {
        double sum = 0;
        for (int i = 0; i < values.length; i++) {
            sum += values[i] * direction[i];
        }
        return sum;
    }

    private float[] draw(int count) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) random.nextGaussian() / 2;
        }
        return values;
    }

    private double[] doubles(float[] values) {
        double[] wide = new double[values.length];
        for (int i = 0; i < wide.length; i++) {
            wide[i] = values[i];
        }
        return wide;
    }
}
