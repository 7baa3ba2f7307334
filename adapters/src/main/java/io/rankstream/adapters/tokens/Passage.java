package io.rankstream.adapters.tokens;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * Where tokens are in the text that something is said of the parts of. Places are characters, from
 * 0; a character is a Unicode code point.
 *
 * @param text the whole text
 * @param starts first character of each token; {@value #OUTSIDE} for one that is not of this text.
 *     Never modified
 * @param ends the character after the last one of each token; {@value #OUTSIDE} likewise. Never
 *     modified
 * @param further tokens of the windows after this one, in their order
 */
public record Passage(String text, int[] starts, int[] ends, List<Tokens> further) {

    /** Place of a token that is not of the text. */
    public static final int OUTSIDE = -1;

    public Passage {
        further = List.copyOf(further);
    }

    /** Whether a token is of the text. */
    public boolean has(int token) {
        return starts[token] != OUTSIDE;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Passage that
                && text.equals(that.text)
                && Arrays.equals(starts, that.starts)
                && Arrays.equals(ends, that.ends)
                && further.equals(that.further);
    }

    @Override
    public int hashCode() {
        return Objects.hash(text, Arrays.hashCode(starts), Arrays.hashCode(ends), further);
    }

    @Override
    public String toString() {
        return "Passage[text=%s, starts=%s, ends=%s, further=%s]"
                .formatted(text, Arrays.toString(starts), Arrays.toString(ends), further);
    }
}
