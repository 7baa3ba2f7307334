package io.rankstream.adapters.training;

import io.rankstream.adapters.task.Target;
import io.rankstream.adapters.tokens.Tokens;

/**
 * One text with its target, ready for the trainer.
 *
 * @param tokens tokens with the special ones, at least one
 * @param target what is true of it; it fits the adapter
 * @param uniform whether it tells of all inputs alike: of one whose label was asked for because of
 *     what the adapter said, the watch for drift takes no notice
 */
public record TrainingExample(Tokens tokens, Target target, boolean uniform) {

    /** One that was not selected. */
    public TrainingExample(Tokens tokens, Target target) {
        this(tokens, target, true);
    }

    /** A text of these tokens. */
    public TrainingExample(int[] tokenIds, Target target, boolean truncated) {
        this(new Tokens(tokenIds, truncated), target);
    }

    /** Token ids; never modified. */
    public int[] tokenIds() {
        return tokens.ids();
    }

    /** Tokens that it takes through the base model. */
    public int count() {
        return tokens.count();
    }

    /** Whether the text was longer than the token limit. */
    public boolean truncated() {
        return tokens.truncated();
    }
}
