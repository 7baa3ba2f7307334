package io.rankstream.adapters.model.postnorm;

/**
 * Positions as RoBERTa counts them (Liu et al., 2019), on from the padding token's id. A text may
 * spell the padding token: it stands at that position itself, and the tokens after it do not count
 * it.
 *
 * @param paddingToken id of the padding token
 */
public record PositionsAfterPadding(int paddingToken) {

    /**
     * Checks that there are a padding token and a position after its.
     *
     * @throws IllegalArgumentException if there are not
     */
    public void requireWithin(int vocabSize, int maxPositions) {
        if (paddingToken < 0 || paddingToken >= vocabSize) {
            throw new IllegalArgumentException(
                    "the id of the padding token is %d, expected one of the %d token ids"
                            .formatted(paddingToken, vocabSize));
        }
        if (paddingToken + 1 >= maxPositions) {
            throw new IllegalArgumentException(
                    "the number of positions is %d, expected more than %d: they count on from the padding token's"
                            .formatted(maxPositions, paddingToken + 1));
        }
    }

    /** Most tokens of a text. */
    public int maxTokens(int maxPositions) {
        return maxPositions - paddingToken - 1;
    }

    /** The position of each token of a text. */
    public long[] of(int[] text) {
        long[] positions = new long[text.length];
        int real = 0;
        for (int i = 0; i < text.length; i++) {
            boolean isPadding = text[i] == paddingToken;
            real += isPadding ? 0 : 1;
            positions[i] = isPadding ? paddingToken : (long) paddingToken + real;
        }
        return positions;
    }
}
