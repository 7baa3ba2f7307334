package io.rankstream.job.loop.measure;

import io.rankstream.job.loop.account.Account;
import io.rankstream.job.metrics.PerAdapter;
import io.rankstream.schemas.AdapterQuality;
import io.rankstream.schemas.LabelOutcome;
import java.util.function.LongSupplier;
import org.apache.flink.metrics.MetricGroup;

/**
 * Metrics of the labeling loop of one subtask, by adapter: of a limited number each by itself, of
 * the others what became of requests, all together. Confined to the task's thread.
 */
public final class MeasuredLoops {

    private final PerAdapter<MeasuredLoop> places;

    /** Null until there is one. */
    private CountedRequests others;

    /**
     * @param most adapters with metrics of their own
     * @param clock milliseconds
     */
    public MeasuredLoops(MetricGroup group, int most, LongSupplier clock) {
        places = new PerAdapter<>(group, most, clock, MeasuredLoop::new, (adapterId, gone) -> {});
    }

    /** An input of an adapter came: from then on its metrics are there. */
    public void met(String adapterId) {
        places.of(adapterId);
    }

    /** An input or a vote of an adapter was dealt with. */
    public void kept(String adapterId, Account account) {
        places.of(adapterId).ifPresent(own -> own.kept(account));
    }

    /** The quality of an adapter was estimated. */
    public void estimated(AdapterQuality quality) {
        places.of(quality.getAdapterId()).ifPresent(own -> own.estimated(quality));
    }

    /** Something became of votes or of a request. */
    public void decided(LabelOutcome outcome) {
        places.of(outcome.getAdapterId())
                .map(MeasuredLoop::requests)
                .orElseGet(this::others)
                .count(outcome);
    }

    private CountedRequests others() {
        if (others == null) {
            others = new CountedRequests(places.others());
        }
        return others;
    }
}
