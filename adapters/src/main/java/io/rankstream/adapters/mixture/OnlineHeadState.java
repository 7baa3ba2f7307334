package io.rankstream.adapters.mixture;

import io.rankstream.adapters.weights.Sizes;
import java.util.Arrays;
import java.util.Objects;

/**
 * An {@link OnlineHead} as a value. Arrays are never modified after construction.
 *
 * @param scale factor on every vector, which makes the first one of length 1; 0 before the first
 * @param weight (labels, features + 1), row-major, a row's bias last
 * @param squares squared gradients of the same, summed
 */
public record OnlineHeadState(float scale, float[] weight, float[] squares) {

    public OnlineHeadState {
        Sizes.require("squared gradients of the online head", squares.length, weight.length);
    }

    /** One that has seen nothing. */
    static OnlineHeadState empty(int labels, int features) {
        int size = labels * (features + 1);
        return new OnlineHeadState(0, new float[size], new float[size]);
    }

    /** The same for more labels, which have the bias of the least probable one so far. */
    OnlineHeadState withLabels(int labels, int features) {
        int width = features + 1;
        int rows = weight.length / width;
        float least = 0;
        for (int row = 0; row < rows; row++) {
            least = Math.min(least, weight[row * width + features]);
        }
        float[] grown = Arrays.copyOf(weight, labels * width);
        for (int row = rows; row < labels; row++) {
            grown[row * width + features] = least;
        }
        return new OnlineHeadState(scale, grown, Arrays.copyOf(squares, labels * width));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof OnlineHeadState that
                && Float.floatToRawIntBits(scale) == Float.floatToRawIntBits(that.scale)
                && Arrays.equals(weight, that.weight)
                && Arrays.equals(squares, that.squares);
    }

    @Override
    public int hashCode() {
        return Objects.hash(scale, Arrays.hashCode(weight), Arrays.hashCode(squares));
    }
}
