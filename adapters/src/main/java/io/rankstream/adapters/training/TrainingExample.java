package io.rankstream.adapters.training;

import io.rankstream.adapters.task.Target;
import io.rankstream.adapters.tokens.Tokens;

/**
 * One text with its target, ready for the trainer.
 *
 * @param tokens tokens with the special ones, at least one
 * @param target what is true of it; it fits the adapter
 */
public record TrainingExample(Tokens tokens, Target target) {

    /** A text of these tokens. */
    public TrainingExample(int[] tokenIds, Target target, boolean truncated) {
        this(new Tokens(tokenIds, truncated), target);
    }

    /** Token ids; never modified. */
    public int[] tokenIds() {
        return tokens.ids();
    }

    /** Whether the text was longer than the token limit. */
    public boolean truncated() {
        return tokens.truncated();
    }
}
