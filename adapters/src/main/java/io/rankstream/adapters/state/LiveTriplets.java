package io.rankstream.adapters.state;

import io.rankstream.adapters.adalora.TripletLayout;
import io.rankstream.adapters.model.ModuleShape;
import io.rankstream.adapters.weights.Sizes;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The triplets of one module that its last mask kept: {@code ΔW = scale · B diag(E) A}. Arrays are
 * never modified after construction.
 *
 * @param shape the module
 * @param scale s of the adapter
 * @param a live rows of A, rank × in
 * @param e live values of E
 * @param b live columns of B, out × rank
 */
public record LiveTriplets(ModuleShape shape, double scale, float[] a, float[] e, float[] b) {

    public LiveTriplets {
        Sizes.require("A of " + shape.name(), a.length, e.length * shape.in());
        Sizes.require("B of " + shape.name(), b.length, e.length * shape.out());
    }

    /** The live triplets of every module of an adapter, in its order. */
    public static List<LiveTriplets> of(AdapterState state) {
        List<LiveTriplets> modules = new ArrayList<>();
        for (int k = 0; k < state.triplets().layout().modules().size(); k++) {
            modules.add(of(state, k));
        }
        return modules;
    }

    private static LiveTriplets of(AdapterState state, int module) {
        TripletLayout layout = state.triplets().layout();
        ModuleShape shape = layout.modules().get(module);
        int initRank = layout.rank();
        boolean[] pattern = state.budget().live();
        int[] live =
                IntStream.range(0, initRank).filter(i -> pattern[module * initRank + i]).toArray();
        float[] values = state.triplets().values();
        return new LiveTriplets(
                shape,
                state.triplets().scale(),
                rows(values, layout.offsetA(module), live, shape.in()),
                rows(values, layout.offsetE(module), live, 1),
                columns(values, layout.offsetB(module), live, shape.out(), initRank));
    }

    /** Number of live triplets, 0 included. */
    public int rank() {
        return e.length;
    }

    /** A with rows of zeros below, {@code padded} × in. */
    public float[] paddedA(int padded) {
        float[] result = new float[padded * shape.in()];
        System.arraycopy(a, 0, result, 0, a.length);
        return result;
    }

    /** {@code scale · B diag(E)} with columns of zeros to the right, out × {@code padded}. */
    public float[] paddedScaledB(int padded) {
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
