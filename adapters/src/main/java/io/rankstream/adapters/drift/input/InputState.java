package io.rankstream.adapters.drift.input;

import io.rankstream.adapters.drift.detector.CusumState;
import io.rankstream.adapters.weights.Sizes;
import java.util.Arrays;
import java.util.Objects;

/**
 * An {@link InputWatch} as a value. Arrays are never modified after construction.
 *
 * @param inputs how many it was told of
 * @param doubt logarithm of the loss of certainty that is usually not exceeded; NaN before the
 *     first
 * @param confidence what is known of how often it is exceeded
 * @param vectors how many the means are of, as far as that still matters
 * @param newest mean of the newest vectors; empty before the first
 * @param older mean of the vectors of a longer time
 * @param embedding what is known of how often a vector is nearer to the newest than to the older
 */
public record InputState(
        long inputs,
        double doubt,
        CusumState confidence,
        long vectors,
        float[] newest,
        float[] older,
        CusumState embedding) {

    public InputState {
        Sizes.require("means of vectors", older.length, newest.length);
        if (inputs < 0
                || vectors < 0
                || (vectors == 0) != (newest.length == 0)
                || Double.isInfinite(doubt)) {
            throw new IllegalArgumentException(
                    "a watch over %d inputs has means of %d vectors with %d features, and a usual doubt of %s"
                            .formatted(inputs, vectors, newest.length, doubt));
        }
    }

    /** One that was told of nothing yet. */
    public static InputState empty() {
        return new InputState(
                0,
                Double.NaN,
                CusumState.empty(),
                0,
                new float[0],
                new float[0],
                CusumState.empty());
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof InputState that
                && inputs == that.inputs
                && Double.compare(doubt, that.doubt) == 0
                && confidence.equals(that.confidence)
                && vectors == that.vectors
                && Arrays.equals(newest, that.newest)
                && Arrays.equals(older, that.older)
                && embedding.equals(that.embedding);
    }

    @Override
    public int hashCode() {
        return Objects.hash(inputs, doubt, confidence, vectors, Arrays.hashCode(newest), embedding);
    }
}
