package io.rankstream.adapters;

import io.rankstream.adapters.task.Target;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What an adapter says of a text.
 *
 * @param said what it takes for the target: the most probable label, a list of labels, or a number
 * @param probabilities of every label in use, in their order: they add up to 1 where one label is
 *     said, and are each label's own where any number is; unmodifiable, and empty where the task
 *     knows none
 */
public record Prediction(Target said, Map<String, Float> probabilities) {

    public Prediction {
        probabilities = Collections.unmodifiableMap(new LinkedHashMap<>(probabilities));
    }

    /**
     * The most probable label.
     *
     * @throws IllegalStateException if the adapter says no label
     */
    public String label() {
        if (said instanceof Target.Label label) {
            return label.name();
        }
        throw new IllegalStateException("the adapter says a %s, no label".formatted(said.noun()));
    }

    /**
     * The labels that it says, by their names; none of them is an empty list.
     *
     * @throws IllegalStateException if the adapter says no labels
     */
    public List<String> labels() {
        if (said instanceof Target.Numeric || said instanceof Target.Span) {
            throw new IllegalStateException(
                    "the adapter says a %s, no labels".formatted(said.noun()));
        }
        return said.labels();
    }

    /**
     * The number that it says.
     *
     * @throws IllegalStateException if the adapter says no number
     */
    public double number() {
        if (said instanceof Target.Numeric number) {
            return number.value();
        }
        throw new IllegalStateException("the adapter says a %s, no number".formatted(said.noun()));
    }

    /**
     * Probability of the most probable label.
     *
     * @throws IllegalStateException if the adapter says no label
     */
    public float probability() {
        return probabilities.get(label());
    }
}
