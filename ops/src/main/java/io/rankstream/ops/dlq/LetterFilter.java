package io.rankstream.ops.dlq;

import io.rankstream.schemas.DeadLetterReason;
import java.time.Instant;
import java.util.Set;

/**
 * Which dead letters are meant.
 *
 * @param topic topic of the refused record; null for any
 * @param adapterId adapter of the refused record; null for any, and for records of none
 * @param reasons reasons of which a letter has one
 * @param from the earliest time of writing; null for any
 */
public record LetterFilter(
        String topic, String adapterId, Set<DeadLetterReason> reasons, Instant from) {

    public LetterFilter {
        reasons = Set.copyOf(reasons);
    }

    public boolean accepts(StoredLetter stored) {
        return reasons.contains(stored.letter().getReason())
                && (topic == null || topic.equals(stored.letter().getTopic()))
                && (adapterId == null || adapterId.equals(stored.letter().getAdapterId()))
                && (from == null || !stored.written().isBefore(from));
    }
}
