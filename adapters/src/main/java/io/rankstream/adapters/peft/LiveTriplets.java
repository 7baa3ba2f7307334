package io.rankstream.adapters.peft;

import io.rankstream.adapters.adalora.TripletLayout;
import io.rankstream.adapters.model.ModuleShape;
import io.rankstream.adapters.state.AdapterState;
import java.util.stream.IntStream;

/**
 * The triplets of one module that its last mask kept.
 *
 * @param shape the module
 * @param a live rows of A, rank × in
 * @param e live values of E
 * @param b live columns of B, out × rank
 */
record LiveTriplets(ModuleShape shape, float[] a, float[] e, float[] b) {

    /**
     * Takes the live triplets out of an adapter.
     *
     * @throws IllegalArgumentException if one of them is not finite
     */
    static LiveTriplets of(AdapterState state, int module) {
        TripletLayout layout = state.triplets().layout();
        ModuleShape shape = layout.modules().get(module);
        int initRank = layout.rank();
        boolean[] pattern = state.budget().live();
        int[] live =
                IntStream.range(0, initRank).filter(i -> pattern[module * initRank + i]).toArray();
        float[] values = state.triplets().values();
        float[] a = rows(values, layout.offsetA(module), live, shape.in());
        float[] e = rows(values, layout.offsetE(module), live, 1);
        float[] b = columns(values, layout.offsetB(module), live, shape.out(), initRank);
        Finite.require(a, "A of " + shape.name());
        Finite.require(e, "E of " + shape.name());
        Finite.require(b, "B of " + shape.name());
        return new LiveTriplets(shape, a, e, b);
    }

    /** Number of live triplets, 0 included. */
    int rank() {
        return e.length;
    }

    /** A with rows of zeros below, {@code padded} × in. */
    float[] paddedA(int padded) {
        float[] result = new float[padded * shape.in()];
        System.arraycopy(a, 0, result, 0, a.length);
        return result;
    }

    /** {@code scale · B diag(E)} with columns of zeros to the right, out × {@code padded}. */
    float[] paddedScaledB(int padded, double scale) {
        float[] result = new float[shape.out() * padded];
        for (int row = 0; row < shape.out(); row++) {
            for (int i = 0; i < rank(); i++) {
                double product = scale * e[i] * b[row * rank() + i];
                result[row * padded + i] = (float) product;
            }
        }
        return result;
    }

    private static float[] rows(float[] values, int offset, int[] rows, int width) {
        float[] result = new float[rows.length * width];
        for (int i = 0; i < rows.length; i++) {
            System.arraycopy(values, offset + rows[i] * width, result, i * width, width);
        }
        return result;
    }

    private static float[] columns(
            float[] values, int offset, int[] columns, int height, int width) {
        float[] result = new float[height * columns.length];
        for (int row = 0; row < height; row++) {
            for (int i = 0; i < columns.length; i++) {
                result[row * columns.length + i] = values[offset + row * width + columns[i]];
            }
        }
        return result;
    }
}
