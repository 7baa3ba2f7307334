package io.rankstream.adapters.state;

import io.rankstream.adapters.weights.Sizes;
import java.util.Arrays;

/**
 * AdamW's moments of one adapter. Arrays are never modified after construction.
 *
 * @param tripletFirst first moments of the triplets, in the order of {@link TripletState#values}
 * @param tripletSecond second moments of the triplets
 * @param headFirst first moments of the head, as {@link HeadShape} says
 * @param headSecond second moments of the head
 */
public record MomentState(
        float[] tripletFirst, float[] tripletSecond, float[] headFirst, float[] headSecond) {

    public MomentState {
        Sizes.require("second moments of the triplets", tripletSecond.length, tripletFirst.length);
        Sizes.require("second moments of the head", headSecond.length, headFirst.length);
    }

    /**
     * The same for a head with new rows behind its own, whose moments are zero.
     *
     * @param shape that of the head until now
     * @param grown that of the head from here on
     */
    MomentState grown(HeadShape shape, HeadShape grown) {
        return new MomentState(
                tripletFirst,
                tripletSecond,
                grown(headFirst, shape, grown),
                grown(headSecond, shape, grown));
    }

    private static float[] grown(float[] head, HeadShape shape, HeadShape grown) {
        float[] result = new float[grown.size()];
        System.arraycopy(head, 0, result, 0, shape.weightSize());
        System.arraycopy(head, shape.weightSize(), result, grown.weightSize(), shape.outputs());
        System.arraycopy(head, shape.denseOffset(), result, grown.denseOffset(), shape.denseSize());
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
