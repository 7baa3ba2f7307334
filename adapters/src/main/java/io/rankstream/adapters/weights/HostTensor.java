package io.rankstream.adapters.weights;

import java.util.Arrays;
import java.util.OptionalInt;

/**
 * A tensor of 32-bit floats on the host, row-major. Arrays are never modified after construction.
 *
 * @param shape length of each dimension
 * @param values as many floats as the product of {@code shape}
 */
public record HostTensor(int[] shape, float[] values) {

    public HostTensor {
        long expected = 1;
        for (int dimension : shape) {
            expected = Math.multiplyExact(expected, (long) dimension);
        }
        if (values.length != expected) {
            throw new IllegalArgumentException(
                    "a tensor of shape "
                            + Arrays.toString(shape)
                            + " was given "
                            + values.length
                            + " values, expected "
                            + expected);
        }
    }

    /** Where the first value is that is NaN or infinite, in {@link #values}; empty if none is. */
    public OptionalInt firstNotFinite() {
        for (int i = 0; i < values.length; i++) {
            if (!Float.isFinite(values[i])) {
                return OptionalInt.of(i);
            }
        }
        return OptionalInt.empty();
    }

    /** Index of a value in each dimension. */
    public int[] place(int value) {
        int[] place = new int[shape.length];
        int rest = value;
        for (int i = shape.length - 1; i >= 0; i--) {
            place[i] = rest % shape[i];
            rest /= shape[i];
        }
        return place;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof HostTensor that
                && Arrays.equals(shape, that.shape)
                && Arrays.equals(values, that.values);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(shape) + Arrays.hashCode(values);
    }

    @Override
    public String toString() {
        return "HostTensor" + Arrays.toString(shape);
    }
}
