package io.rankstream.adapters.tokens;

import java.util.Arrays;

/**
 * A text as the base model reads it.
 *
 * @param ids token ids with the special tokens, without padding; never modified
 * @param truncated whether the text was longer than the token limit
 */
public record Tokens(int[] ids, boolean truncated) {

    @Override
    public boolean equals(Object other) {
        return other instanceof Tokens that
                && truncated == that.truncated
                && Arrays.equals(ids, that.ids);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(ids) + Boolean.hashCode(truncated);
    }

    @Override
    public String toString() {
        return "Tokens[ids=" + Arrays.toString(ids) + ", truncated=" + truncated + "]";
    }
}
