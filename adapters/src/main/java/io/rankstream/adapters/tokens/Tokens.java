package io.rankstream.adapters.tokens;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A text, or a pair of texts, as the base model reads it.
 *
 * @param ids token ids with the special tokens, without padding; never modified
 * @param second where the second text's own kind of tokens begins, in a model that tells the two
 *     apart; otherwise the number of tokens
 * @param truncated whether the text was longer than the token limit
 * @param words what {@link Words} finds in the whole text, or in both; never modified
 * @param passage where the tokens are in their text; empty where it is read as a whole
 */
public record Tokens(
        int[] ids, int second, boolean truncated, int[] words, Optional<Passage> passage) {

    /** Of a text that is read as a whole. */
    public Tokens(int[] ids, int second, boolean truncated, int[] words) {
        this(ids, second, truncated, words, Optional.empty());
    }

    /** Without words. */
    public Tokens(int[] ids, int second, boolean truncated) {
        this(ids, second, truncated, new int[0]);
    }

    /** One text. */
    public Tokens(int[] ids, boolean truncated) {
        this(ids, ids.length, truncated);
    }

    /** A window of a passage, one after the first. */
    public static Tokens window(int[] ids, int second, Passage passage) {
        return new Tokens(ids, second, false, new int[0], Optional.of(passage));
    }

    /** The same with words. */
    public Tokens withWords(int[] found) {
        return new Tokens(ids, second, truncated, found, passage);
    }

    /** The windows in which the model reads it: this one, and those after it. */
    public List<Tokens> windows() {
        return passage.isEmpty()
                ? List.of(this)
                : Stream.concat(Stream.of(this), passage.get().further().stream()).toList();
    }

    /** Tokens of all windows. */
    public int count() {
        return windows().stream().mapToInt(window -> window.ids.length).sum();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Tokens that
                && second == that.second
                && truncated == that.truncated
                && Arrays.equals(ids, that.ids)
                && Arrays.equals(words, that.words)
                && passage.equals(that.passage);
    }

    @Override
    public int hashCode() {
        return Objects.hash(
                Arrays.hashCode(ids), second, truncated, Arrays.hashCode(words), passage);
    }

    @Override
    public String toString() {
        return "Tokens[ids=%s, second=%d, truncated=%s, words=%s, passage=%s]"
                .formatted(
                        Arrays.toString(ids), second, truncated, Arrays.toString(words), passage);
    }
}
