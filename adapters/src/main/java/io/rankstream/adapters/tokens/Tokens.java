package io.rankstream.adapters.tokens;

import java.util.Arrays;
import java.util.Objects;

/**
 * A text, or a pair of texts, as the base model reads it.
 *
 * @param ids token ids with the special tokens, without padding; never modified
 * @param second where the second text's own kind of tokens begins, in a model that tells the two
 *     apart; otherwise the number of tokens
 * @param truncated whether the text was longer than the token limit
 * @param words what {@link Words} finds in the whole text, or in both; never modified
 */
public record Tokens(int[] ids, int second, boolean truncated, int[] words) {

    /** Without words. */
    public Tokens(int[] ids, int second, boolean truncated) {
        this(ids, second, truncated, new int[0]);
    }

    /** One text. */
    public Tokens(int[] ids, boolean truncated) {
        this(ids, ids.length, truncated);
    }

    /** The same with words. */
    public Tokens withWords(int[] found) {
        return new Tokens(ids, second, truncated, found);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Tokens that
                && second == that.second
                && truncated == that.truncated
                && Arrays.equals(ids, that.ids)
                && Arrays.equals(words, that.words);
    }

    @Override
    public int hashCode() {
        return Objects.hash(Arrays.hashCode(ids), second, truncated, Arrays.hashCode(words));
    }

    @Override
    public String toString() {
        return "Tokens[ids=%s, second=%d, truncated=%s, words=%s]"
                .formatted(Arrays.toString(ids), second, truncated, Arrays.toString(words));
    }
}
