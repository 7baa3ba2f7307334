package io.rankstream.ops.dlq.replay;

import io.rankstream.schemas.DeadLetter;
import io.rankstream.schemas.DeadLetterReason;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a replay sends.
 *
 * @param byTopic letters to be sent, or sent, by the topic that they came from, and by reason
 * @param sentBefore letters left out because their record was sent back before
 * @param ofOtherTopics letters left out because the job does not read the topic of their record
 * @param incomplete letters left out because they hold the beginning of their record alone, which
 *     is no longer on its topic, or is too large to be held
 */
public record ReplayCount(
        SortedMap<String, SortedMap<DeadLetterReason, Long>> byTopic,
        long sentBefore,
        long ofOtherTopics,
        long incomplete) {

    public ReplayCount {
        byTopic = Collections.unmodifiableSortedMap(new TreeMap<>(byTopic));
    }

    /** Letters in total. */
    public long total() {
        return byTopic.values().stream().mapToLong(ReplayCount::sum).sum();
    }

    /** All of one topic. */
    public static long sum(Map<DeadLetterReason, Long> byReason) {
        return byReason.values().stream().mapToLong(Long::longValue).sum();
    }

    /** Counts while letters go by. */
    static final class Tally {

        private final SortedMap<String, SortedMap<DeadLetterReason, Long>> byTopic =
                new TreeMap<>();
        private long sentBefore;
        private long ofOtherTopics;
        private long incomplete;

        void due(DeadLetter letter) {
            byTopic.computeIfAbsent(letter.getTopic(), topic -> new TreeMap<>())
                    .merge(letter.getReason(), 1L, Long::sum);
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
            return new ReplayCount(byTopic, sentBefore, ofOtherTopics, incomplete);
        }
    }
}
