package io.rankstream.adapters;

import io.rankstream.adapters.task.Target;

/**
 * A text and what is true of it.
 *
 * @param text any text; what exceeds the model's token limit is cut
 * @param target what is true of it: one of the adapter's labels
 */
public record Example(String text, Target target) {

    /** A text with one of the adapter's labels. */
    public Example(String text, String label) {
        this(text, new Target.Label(label));
    }
}
