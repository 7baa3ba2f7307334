package io.rankstream.ops.dlq.replay;

import io.rankstream.schemas.DeadLetterReason;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a replay sends.
 *
 * @param byReason letters to be sent, or sent, by reason
 * @param sentBefore letters left out because their record was sent back before
 * @param ofOtherTopics letters left out because their record is not from the job's input topic
 * @param incomplete letters left out because they hold the beginning of their record alone, which
 *     is no longer on the input topic
 */
public record ReplayCount(
        Map<DeadLetterReason, Long> byReason,
        long sentBefore,
        long ofOtherTopics,
        long incomplete) {

    public ReplayCount {
        byReason = new TreeMap<>(byReason);
    }

    /** Letters in total. */
    public long total() {
        return byReason.values().stream().mapToLong(Long::longValue).sum();
    }

    /** Counts while letters go by. */
    static final class Tally {

        private final SortedMap<DeadLetterReason, Long> byReason = new TreeMap<>();
        private long sentBefore;
        private long ofOtherTopics;
        private long incomplete;

        void due(DeadLetterReason reason) {
            byReason.merge(reason, 1L, Long::sum);
        }

        void sentBefore() {
            sentBefore++;
        }

        void ofAnotherTopic() {
            ofOtherTopics++;
        }

        void incomplete() {
            incomplete++;
        }

        ReplayCount count() {
            return new ReplayCount(byReason, sentBefore, ofOtherTopics, incomplete);
        }
    }
}
