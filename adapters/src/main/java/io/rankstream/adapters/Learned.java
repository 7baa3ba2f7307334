package io.rankstream.adapters;

import java.util.List;
import java.util.Optional;

/**
 * What one step of an adapter did.
 *
 * @param step number of the step, from 1; empty where every example was refused
 * @param loss mean cross entropy of the examples before the step, in nats; NaN where there was none
 * @param predicted labels that the adapter gave to the examples before it learned from them, in
 *     their order; empty for one that was refused
 * @param accuracy share of right ones among all examples so far, predicted before they were learned
 *     from; NaN before the first
 * @param refused places of examples that give no finite loss or gradient and changed nothing
 */
public record Learned(
        Optional<Long> step,
        double loss,
        List<Optional<String>> predicted,
        double accuracy,
        List<Integer> refused) {

    public Learned {
        predicted = List.copyOf(predicted);
        refused = List.copyOf(refused);
    }
}
