package io.rankstream.adapters;

import io.rankstream.adapters.task.Target;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What an adapter says of a text.
 *
 * @param said what it takes for the target: the most probable label, or a number
 * @param probabilities softmax probability of every label in use, in their order; unmodifiable, and
 *     empty where the task knows none
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
