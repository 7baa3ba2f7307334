package io.rankstream.adapters.method;

import java.util.Random;

/** Random values of a new adapter. */
final class Draws {

    /** Standard deviation of A, B and the head's weight, as in the paper's code. */
    private static final double DEVIATION = 0.02;

    private Draws() {}

    static float[] gaussian(Random random, int size) {
        float[] values = new float[size];
        for (int i = 0; i < size; i++) {
            values[i] = (float) (DEVIATION * random.nextGaussian());
        }
        return values;
    }
}
