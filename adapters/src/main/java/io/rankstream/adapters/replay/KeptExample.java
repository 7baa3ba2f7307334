package io.rankstream.adapters.replay;

import io.rankstream.adapters.tokens.Tokens;
import java.util.Arrays;

/**
 * An example that may be learned from again.
 *
 * @param number its number in the adapter's life, from 1
 * @param row that of its label; 0 where the task has no labels
 * @param value what is true of it where the task has no labels; otherwise 0
 * @param tokens what the model reads of it, without words
 */
public record KeptExample(long number, int row, double value, Tokens tokens) {

    /**
     * Bytes beside the tokens: number, row, value, how many tokens, and where the second starts.
     */
    private static final int OVERHEAD = 28;

    public KeptExample {
        int count = tokens.ids().length;
        if (row < 0
                || !Double.isFinite(value)
                || count == 0
                || tokens.second() < 0
                || tokens.second() > count
                || Arrays.stream(tokens.ids()).anyMatch(id -> id < 0)) {
            throw new IllegalArgumentException(
                    "the kept example %d is of class %d and value %s, with %d tokens from %d on of the second text"
                            .formatted(number, row, value, count, tokens.second()));
        }
    }

    /** Bytes of it in the state. */
    int bytes() {
        return OVERHEAD + Integer.BYTES * tokens.ids().length;
    }
}
