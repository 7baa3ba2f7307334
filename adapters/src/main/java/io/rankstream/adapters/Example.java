package io.rankstream.adapters;

import static java.util.Objects.requireNonNull;

import io.rankstream.adapters.task.Target;
import java.util.List;
import java.util.Optional;

/**
 * A text, or a pair of texts, and what is true of it.
 *
 * @param text any text; what exceeds the model's token limit is cut
 * @param pair second text, if it is a pair
 * @param target what is true of it: one of the adapter's labels, a list of them, or a number
 */
public record Example(String text, Optional<String> pair, Target target) {

    public Example {
        requireNonNull(text, "the example has no text");
        requireNonNull(pair, "the example's second text is null, expected an empty Optional");
        requireNonNull(target, "the example has no target");
    }

    /** A text with one of the adapter's labels. */
    public Example(String text, String label) {
        this(text, Optional.empty(), labeled(label));
    }

    /** A text with a number. */
    public Example(String text, double number) {
        this(text, Optional.empty(), new Target.Numeric(number));
    }

    /**
     * A text with any number of the adapter's labels.
     *
     * @param labels those that it has, each once; empty for none
     */
    public static Example several(String text, List<String> labels) {
        return new Example(
                text,
                Optional.empty(),
                new Target.Several(labels.stream().map(Example::labeled).toList()));
    }

    /** A pair of texts with one of the adapter's labels. */
    public static Example pair(String text, String pair, String label) {
        return new Example(text, second(pair), labeled(label));
    }

    /** A pair of texts with a number. */
    public static Example pair(String text, String pair, double number) {
        return new Example(text, second(pair), new Target.Numeric(number));
    }

    private static Target labeled(String label) {
        return new Target.Label(requireNonNull(label, "the example has no label"));
    }

    private static Optional<String> second(String pair) {
        return Optional.of(requireNonNull(pair, "the example has no second text"));
    }

    Input input() {
        return new Input(text, pair);
    }
}
