package io.rankstream.adapters.state;

import io.rankstream.adapters.adalora.TripletLayout;
import java.util.Arrays;
import java.util.Objects;

/**
 * Values of the triplets (P, Λ, Q) of one adapter.
 *
 * @param layout modules, rank and order of {@code values}
 * @param values {@code layout.size()} floats; never modified after construction
 */
public record TripletState(TripletLayout layout, float[] values) {

    public TripletState {
        Sizes.require("triplets", values.length, layout.size());
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof TripletState that
                && layout.equals(that.layout)
                && Arrays.equals(values, that.values);
    }

    @Override
    public int hashCode() {
        return Objects.hash(layout, Arrays.hashCode(values));
    }
}
