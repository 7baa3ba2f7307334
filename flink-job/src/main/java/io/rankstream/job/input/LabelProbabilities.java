package io.rankstream.job.input;

import static java.util.Objects.checkIndex;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * How probable each label is.
 *
 * @param labels labels that could be said; empty where the task has none
 * @param values probability of each, in their order; never modified
 */
public record LabelProbabilities(List<String> labels, float[] values) {

    /** Of a task without labels, or where nothing was said. */
    public static final LabelProbabilities NONE = new LabelProbabilities(List.of(), new float[0]);

    /**
     * @throws IllegalArgumentException if there is not one probability for each label
     */
    public LabelProbabilities {
        labels = List.copyOf(labels);
        if (labels.size() != values.length) {
            throw new IllegalArgumentException(
                    "%d labels have %d probabilities, expected one for each"
                            .formatted(labels.size(), values.length));
        }
    }

    public boolean isEmpty() {
        return labels.isEmpty();
    }

    /** Position of the most probable label, of the first one where several are. */
    public int best() {
        int best = checkIndex(0, values.length);
        for (int i = 1; i < values.length; i++) {
            if (values[i] > values[best]) {
                best = i;
            }
        }
        return best;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof LabelProbabilities that
                && labels.equals(that.labels)
                && Arrays.equals(values, that.values);
    }

    @Override
    public int hashCode() {
        return Objects.hash(labels, Arrays.hashCode(values));
    }

    @Override
    public String toString() {
        return "LabelProbabilities[labels=%s, values=%s]"
                .formatted(labels, Arrays.toString(values));
    }
}
