package io.rankstream.job.sink;

import io.rankstream.job.metrics.JobMetric;
import io.rankstream.job.metrics.MetricLabel;
import io.rankstream.job.metrics.PerAdapter;
import io.rankstream.schemas.DeadLetter;
import io.rankstream.schemas.DeadLetterReason;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.LongSupplier;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;

/** Counts refused records by reason, and by adapter and reason. For use by one thread. */
final class Refusals {

    private final ByReason all;
    private final PerAdapter<ByReason> byAdapter;

    /** Null until there are any. */
    private ByReason ofOthers;

    /** Counters of one group. */
    private record ByReason(
            JobMetric metric, MetricGroup group, Map<DeadLetterReason, Counter> counters) {

        ByReason(JobMetric metric, MetricGroup group) {
            this(metric, group, new EnumMap<>(DeadLetterReason.class));
        }

        /** The counter of a reason; it is registered when it is asked for. */
        Counter of(DeadLetterReason reason) {
            return counters.computeIfAbsent(
                    reason, first -> metric.counter(MetricLabel.REASON.in(group, first.name())));
        }
    }

    /**
     * Registers the counters of all reasons: whoever collects them sees a first refusal only if it
     * has seen that there was none.
     *
     * @param measuredAdapters adapters that are counted for each of them
     * @param clock milliseconds
     */
    Refusals(MetricGroup group, int measuredAdapters, LongSupplier clock) {
        all = new ByReason(JobMetric.DEAD_LETTERS, group);
        for (DeadLetterReason reason : DeadLetterReason.values()) {
            all.of(reason);
        }
        byAdapter =
                new PerAdapter<>(
                        group,
                        measuredAdapters,
                        clock,
                        own -> new ByReason(JobMetric.REFUSED_RECORDS, own),
                        (adapterId, gone) -> {});
    }

    void count(DeadLetter letter) {
        all.of(letter.getReason()).inc();
        if (letter.getAdapterId() != null) {
            ofAdapter(letter).of(letter.getReason()).inc();
        }
    }

    /** Whatever ids a stranger makes up, they take no place of an adapter. */
    private ByReason ofAdapter(DeadLetter letter) {
        return letter.getReason() == DeadLetterReason.UNKNOWN_ADAPTER
                ? ofOthers()
                : byAdapter.of(letter.getAdapterId()).orElseGet(this::ofOthers);
    }

    private ByReason ofOthers() {
        if (ofOthers == null) {
            ofOthers = new ByReason(JobMetric.REFUSED_RECORDS, byAdapter.others());
        }
        return ofOthers;
    }
}
