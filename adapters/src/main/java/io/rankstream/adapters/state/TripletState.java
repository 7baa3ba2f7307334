package io.rankstream.adapters.state;

import io.rankstream.adapters.adalora.TripletLayout;
import io.rankstream.adapters.weights.Sizes;
import java.util.Arrays;
import java.util.Objects;

/**
 * Values of the triplets (P, Λ, Q) of one adapter.
 *
 * @param layout modules, rank and order of {@code values}
 * @param alpha numerator of the scale, constant for the adapter's life
 * @param values {@code layout.size()} floats; never modified after construction
 */
public record TripletState(TripletLayout layout, double alpha, float[] values) {

    public TripletState {
        Sizes.require("triplets", values.length, layout.size());
    }

    /** Scale s of every low-rank update: {@code α / (init_r + 1e-5)}. Pruning never changes it. */
    public double scale() {
        return scale(alpha, layout.rank());
    }

    /** Scale of an adapter whose modules start with {@code initRank} triplets. */
    public static double scale(double alpha, int initRank) {
        return alpha / (initRank + 1e-5);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof TripletState that
                && layout.equals(that.layout)
                && Double.compare(alpha, that.alpha) == 0
                && Arrays.equals(values, that.values);
    }

    @Override
    public int hashCode() {
        return Objects.hash(layout, alpha, Arrays.hashCode(values));
    }
}
