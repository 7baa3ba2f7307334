package io.rankstream.adapters.tokens;

import java.util.Arrays;

/**
 * A text, or a pair of texts, as the base model reads it.
 *
 * @param ids token ids with the special tokens, without padding; never modified
 * @param second where the second text's own kind of tokens begins, in a model that tells the two
 *     apart; otherwise the number of tokens
 * @param truncated whether the text was longer than the token limit
 */
public record Tokens(int[] ids, int second, boolean truncated) {

    /** One text. */
    public Tokens(int[] ids, boolean truncated) {
        this(ids, ids.length, truncated);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Tokens that
                && second == that.second
                && truncated == that.truncated
                && Arrays.equals(ids, that.ids);
    }

    @Override
    public int hashCode() {
        return 31 * (31 * Arrays.hashCode(ids) + second) + Boolean.hashCode(truncated);
    }

    @Override
    public String toString() {
        return "Tokens[ids=%s, second=%d, truncated=%s]"
                .formatted(Arrays.toString(ids), second, truncated);
    }
}
