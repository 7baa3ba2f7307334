package io.rankstream.adapters.mixture;

import io.rankstream.adapters.weights.Sizes;
import java.util.Arrays;

/**
 * {@link WordWeights} as a value. Arrays are never modified after construction.
 *
 * @param cells hashes of word and label, ascending, none of them 0
 * @param weight of each of them
 * @param squares squared gradients of each of them, summed
 * @param bias of each label
 * @param biasSquares squared gradients of the same, summed
 */
public record WordState(
        int[] cells, float[] weight, float[] squares, float[] bias, float[] biasSquares) {

    /** Most cells. */
    public static final int MOST_CELLS = WordWeights.MOST_CELLS;

    public WordState {
        Sizes.require("weights of words", weight.length, cells.length);
        Sizes.require("squared gradients of words", squares.length, cells.length);
        Sizes.require("squared gradients of biases", biasSquares.length, bias.length);
        for (int i = 1; i < cells.length; i++) {
            if (cells[i - 1] >= cells[i]) {
                throw new IllegalArgumentException(
                        "the words' cells are not ascending at %d".formatted(i));
            }
        }
        if (Arrays.binarySearch(cells, 0) >= 0) {
            throw new IllegalArgumentException("a word's cell is 0, expected any other number");
        }
        if (cells.length > MOST_CELLS) {
            throw new IllegalArgumentException(
                    "there are weights of %d words and labels, expected %d at most"
                            .formatted(cells.length, MOST_CELLS));
        }
    }

    /** One that has seen nothing. */
    static WordState empty(int labels) {
        return new WordState(
                new int[0], new float[0], new float[0], new float[labels], new float[labels]);
    }

    /** The same for more labels, which have the bias of the least probable one so far. */
    WordState withLabels(int labels) {
        float least = 0;
        for (float value : bias) {
            least = Math.min(least, value);
        }
        float[] grown = Arrays.copyOf(bias, labels);
        Arrays.fill(grown, bias.length, labels, least);
        return new WordState(cells, weight, squares, grown, Arrays.copyOf(biasSquares, labels));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof WordState that
                && Arrays.equals(cells, that.cells)
                && Arrays.equals(weight, that.weight)
                && Arrays.equals(squares, that.squares)
                && Arrays.equals(bias, that.bias)
                && Arrays.equals(biasSquares, that.biasSquares);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(
                new int[] {
                    Arrays.hashCode(cells),
                    Arrays.hashCode(weight),
                    Arrays.hashCode(squares),
                    Arrays.hashCode(bias),
                    Arrays.hashCode(biasSquares)
                });
    }
}
