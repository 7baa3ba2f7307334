package io.rankstream.adapters.comparison;

import io.rankstream.adapters.state.LiveTriplets;
import java.util.Arrays;

/**
 * Squared Frobenius norms of two matrices and of their difference.
 *
 * @param first of the first matrix
 * @param second of the second one
 * @param difference of the first minus the second
 */
record Norms(double first, double second, double difference) {

    static final Norms ZERO = new Norms(0, 0, 0);

    /** Of two updates of one module; row by row, so that equal triplets differ by exactly 0. */
    static Norms of(LiveTriplets first, LiveTriplets second) {
        double[] one = new double[first.shape().in()];
        double[] other = new double[one.length];
        Norms sum = ZERO;
        for (int row = 0; row < first.shape().out(); row++) {
            fillRow(first, row, one);
            fillRow(second, row, other);
            sum = sum.plus(of(one, other));
        }
        return sum;
    }

    /** Of two arrays of one length. */
    static Norms of(double[] one, double[] other) {
        double first = 0;
        double second = 0;
        double difference = 0;
        for (int i = 0; i < one.length; i++) {
            first += one[i] * one[i];
            second += other[i] * other[i];
            difference += (one[i] - other[i]) * (one[i] - other[i]);
        }
        return new Norms(first, second, difference);
    }

    /** One row of {@code scale · B diag(E) A}. */
    private static void fillRow(LiveTriplets triplets, int row, double[] values) {
        Arrays.fill(values, 0);
        for (int i = 0; i < triplets.rank(); i++) {
            double factor =
                    triplets.scale() * triplets.e()[i] * triplets.b()[row * triplets.rank() + i];
            for (int column = 0; column < values.length; column++) {
                values[column] += factor * triplets.a()[i * values.length + column];
            }
        }
    }

    Norms plus(Norms other) {
        return new Norms(first + other.first, second + other.second, difference + other.difference);
    }

    /** Norm of the difference over the larger of both norms; 0 for equal matrices, 2 at most. */
    double relative() {
        return difference == 0 ? 0 : Math.sqrt(difference / Math.max(first, second));
    }
}
