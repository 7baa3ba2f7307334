package io.rankstream.adapters.state;

import io.rankstream.adapters.weights.Sizes;
import java.util.Arrays;

/**
 * Importance EMAs of the triplets' parameters, in the order of {@link TripletState#values}. Arrays
 * are never modified after construction.
 *
 * @param sensitivity Ī, the smoothed sensitivity (eq. 9 of the paper)
 * @param uncertainty Ū, the smoothed deviation from Ī (eq. 10)
 */
public record ImportanceState(float[] sensitivity, float[] uncertainty) {

    public ImportanceState {
        Sizes.require("uncertainty", uncertainty.length, sensitivity.length);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ImportanceState that
                && Arrays.equals(sensitivity, that.sensitivity)
                && Arrays.equals(uncertainty, that.uncertainty);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(sensitivity) + Arrays.hashCode(uncertainty);
    }
}
