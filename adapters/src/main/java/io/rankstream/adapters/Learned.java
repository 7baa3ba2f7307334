package io.rankstream.adapters;

import io.rankstream.adapters.task.Target;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What one step of an adapter did.
 *
 * @param step number of the step, from 1; empty where every example was refused
 * @param loss mean loss of the examples before the step: cross entropy in nats, or squared error;
 *     NaN where there was none
 * @param predicted what the adapter said of the examples before it learned from them, in their
 *     order; empty for one that was refused
 * @param metrics how good the adapter is by now, by name, over examples that were each predicted
 *     before they were learned from: {@code accuracy} over all of a classification, {@code
 *     recentAccuracy} over the newest 1,000; none before the first example
 * @param refused places of examples that give no finite loss or gradient and changed nothing
 */
public record Learned(
        Optional<Long> step,
        double loss,
        List<Optional<Target>> predicted,
        Map<String, Double> metrics,
        List<Integer> refused) {

    public Learned {
        predicted = List.copyOf(predicted);
        refused = List.copyOf(refused);
        metrics = Collections.unmodifiableMap(new LinkedHashMap<>(metrics));
    }
}
