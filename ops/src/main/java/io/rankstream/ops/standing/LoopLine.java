package io.rankstream.ops.standing;

import io.rankstream.schemas.AdapterQuality;
import io.rankstream.schemas.OutcomeStatus;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * How an adapter does on inputs without a label, as far as was looked.
 *
 * @param inputs inputs that it predicted
 * @param asked those of them that a label was asked for
 * @param rate inputs a second over the last minute
 * @param openRequests requests that wait for an answer
 * @param outcomes what became of votes and requests, by kind
 * @param quality what is estimated of it; empty before the first estimate
 */
public record LoopLine(
        long inputs,
        long asked,
        double rate,
        long openRequests,
        SortedMap<OutcomeStatus, Long> outcomes,
        Optional<AdapterQuality> quality) {

    public LoopLine {
        outcomes = Collections.unmodifiableSortedMap(new TreeMap<>(outcomes));
    }

    /** Inputs whose label was decided. */
    public long labels() {
        return outcomes.getOrDefault(OutcomeStatus.FINAL, 0L);
    }
}
