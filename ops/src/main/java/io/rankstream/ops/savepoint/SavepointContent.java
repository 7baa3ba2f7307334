package io.rankstream.ops.savepoint;

import io.rankstream.job.savepoint.AdapterSummary;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What is told of a savepoint.
 *
 * @param adapters every adapter, by id
 * @param pendingExamples examples that wait for their micro-batch to close or to be trained in a
 *     bundle, by adapter
 */
public record SavepointContent(
        List<AdapterSummary> adapters, SortedMap<String, Integer> pendingExamples) {

    int pendingOf(AdapterSummary adapter) {
        return pendingExamples.getOrDefault(adapter.meta().adapterId(), 0);
    }

    /** Pending examples of adapters that begin with their first micro-batch. */
    SortedMap<String, Integer> notTrainedYet() {
        SortedMap<String, Integer> left = new TreeMap<>(pendingExamples);
        adapters.forEach(adapter -> left.remove(adapter.meta().adapterId()));
        return left;
    }
}
