package io.rankstream.adapters.state;

import io.rankstream.adapters.weights.Sizes;
import java.util.Arrays;

/**
 * AdamW's moments of one adapter. Arrays are never modified after construction.
 *
 * @param tripletFirst first moments of the triplets, in the order of {@link TripletState#values}
 * @param tripletSecond second moments of the triplets
 * @param headFirst first moments of the head: weight (row-major), then bias
 * @param headSecond second moments of the head
 */
public record MomentState(
        float[] tripletFirst, float[] tripletSecond, float[] headFirst, float[] headSecond) {

    public MomentState {
        Sizes.require("second moments of the triplets", tripletSecond.length, tripletFirst.length);
        Sizes.require("second moments of the head", headSecond.length, headFirst.length);
    }

    /** The same with rows of zeros for new labels behind those of the head's {@code labels}. */
    MomentState withLabels(int labels, int hidden, int newLabels) {
        return new MomentState(
                tripletFirst,
                tripletSecond,
                grown(headFirst, labels, hidden, newLabels),
                grown(headSecond, labels, hidden, newLabels));
    }

    /** Weight and bias, each with zeros behind its own rows. */
    private static float[] grown(float[] head, int labels, int hidden, int newLabels) {
        int all = labels + newLabels;
        float[] result = new float[all * (hidden + 1)];
        System.arraycopy(head, 0, result, 0, labels * hidden);
        System.arraycopy(head, labels * hidden, result, all * hidden, labels);
        return result;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof MomentState that
                && Arrays.equals(tripletFirst, that.tripletFirst)
                && Arrays.equals(tripletSecond, that.tripletSecond)
                && Arrays.equals(headFirst, that.headFirst)
                && Arrays.equals(headSecond, that.headSecond);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(
                new int[] {
                    Arrays.hashCode(tripletFirst),
                    Arrays.hashCode(tripletSecond),
                    Arrays.hashCode(headFirst),
                    Arrays.hashCode(headSecond)
                });
    }
}
