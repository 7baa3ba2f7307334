package io.rankstream.adapters.task;

import ai.djl.pytorch.engine.PtNDArray;
import java.util.List;

/**
 * What a task makes of the outputs of a head for some examples.
 *
 * @param losses of each example, (examples), with a graph
 * @param said what the head says of each
 * @param <T> what the task learns
 */
public record Answers<T>(PtNDArray losses, List<Said<T>> said) {

    /**
     * What a head says of an example.
     *
     * @param value what it takes for the target
     * @param probability how probable it takes that for; NaN where the task knows no probability
     */
    public record Said<T>(T value, float probability) {}

    /** The values alone. */
    public List<T> values() {
        return said.stream().map(Said::value).toList();
    }
}
