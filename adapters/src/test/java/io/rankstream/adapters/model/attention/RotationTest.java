package io.rankstream.adapters.model.attention;

import static io.rankstream.adapters.engine.Tensors.floats;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.pytorch.engine.PtNDManager;
import io.rankstream.adapters.engine.Products;
import io.rankstream.adapters.engine.TestDevice;
import io.rankstream.adapters.model.TokenBatch;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RotationTest {

    private static final int SIZE = 6;
    private static final int HEADS = 2;
    private static final double THETA = 50;

    private static final List<Integer> LENGTHS = List.of(3, 1, 40);

    /** Each pair of features of a head is one complex number. */
    @Test
    void turnsFeaturesByThePositionInTheirOwnText() {
        int rows = Products.roundedUp(44);
        float[] x = new float[rows * HEADS * SIZE];
        Random random = new Random(1);
        for (int i = 0; i < x.length; i++) {
            x[i] = (float) random.nextGaussian();
        }
        try (PtNDManager scope = TestDevice.newManager()) {
            List<int[]> texts = LENGTHS.stream().map(int[]::new).toList();
            Rotation rotation = new Rotation(TokenBatch.of(scope, texts), SIZE, THETA);

            float[] found = rotation.of(floats(scope, x, rows, HEADS * SIZE)).toFloatArray();

            int row = 0;
            for (int length : LENGTHS) {
                for (int position = 0; position < length; position++, row++) {
                    for (int head = 0; head < HEADS; head++) {
                        int first = (row * HEADS + head) * SIZE;
                        for (int i = 0; i < SIZE / 2; i++) {
                            double angle = position * Math.pow(THETA, -2.0 * i / SIZE);
                            double real = x[first + i];
                            double imaginary = x[first + SIZE / 2 + i];
                            assertThat((double) found[first + i])
                                    .isCloseTo(
                                            real * Math.cos(angle) - imaginary * Math.sin(angle),
                                            within(1e-5));
                            assertThat((double) found[first + SIZE / 2 + i])
                                    .isCloseTo(
                                            imaginary * Math.cos(angle) + real * Math.sin(angle),
                                            within(1e-5));
                        }
                    }
                }
            }
        }
    }
}
