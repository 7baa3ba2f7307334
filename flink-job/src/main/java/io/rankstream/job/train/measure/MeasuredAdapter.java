package io.rankstream.job.train.measure;

import io.rankstream.adapters.probe.Forgetting;
import io.rankstream.adapters.state.AdapterMeta;
import io.rankstream.adapters.task.WatchedMetric;
import io.rankstream.job.metrics.JobMetric;
import java.util.OptionalLong;
import java.util.function.LongSupplier;
import java.util.function.ToDoubleFunction;
import org.apache.flink.metrics.MetricGroup;

/**
 * Metrics of one adapter. The task's thread tells what the adapter is; reporters ask from others.
 */
final class MeasuredAdapter {

    /**
     * What the adapter is.
     *
     * @param versionTime when its newest version was taken, in milliseconds since 1970
     */
    private record Standing(MeasuredState state, OptionalLong versionTime) {

        AdapterMeta meta() {
            return state.meta();
        }
    }

    private final MeasuredSteps steps;
    private final LongSupplier clock;

    /** Null until something is known. */
    private volatile Standing standing;

    /**
     * Registers the metrics.
     *
     * @param clock milliseconds since 1970
     */
    MeasuredAdapter(MetricGroup group, LongSupplier clock) {
        this.clock = clock;
        steps = new MeasuredSteps(group, clock);
        gauge(JobMetric.LIFETIME_EXAMPLES, group, now -> now.meta().score().examples());
        gauge(JobMetric.LIFETIME_STEPS, group, now -> now.meta().step());
        for (WatchedMetric watched : WatchedMetric.all()) {
            gauge(
                    JobMetric.of(watched),
                    group,
                    now -> watched.of(now.meta().score()).orElse(Double.NaN));
        }
        gauge(JobMetric.LIVE_RANK, group, now -> now.state().liveTriplets());
        gauge(JobMetric.RANK_BUDGET, group, now -> now.state().budget());
        gauge(JobMetric.VERSION, group, now -> now.meta().version());
        gauge(JobMetric.VERSION_AGE, group, this::versionAge);
        gauge(JobMetric.SURPRISE_SHARE, group, now -> now.state().surpriseShare());
        gauge(JobMetric.LIFETIME_DRIFT_ALARMS, group, now -> now.state().alarms());
        gauge(JobMetric.SINCE_DRIFT_ALARM, group, now -> now.state().examplesSinceAlarm());
        gauge(JobMetric.PROBES_THEN, group, now -> probes(now, Forgetting.Retained::then));
        gauge(JobMetric.PROBES_NOW, group, now -> probes(now, Forgetting.Retained::now));
        gauge(
                JobMetric.TRUNCATED_SHARE,
                group,
                now -> (double) now.meta().truncated() / now.meta().score().examples());
    }

    boolean isKnown() {
        return standing != null;
    }

    /** Progress that was told last; only of one that is known. */
    AdapterMeta meta() {
        return standing.meta();
    }

    /**
     * The adapter as it is found.
     *
     * @param versionTime when its newest version was taken, in milliseconds since 1970
     */
    void found(MeasuredState state, OptionalLong versionTime) {
        standing = new Standing(state, versionTime);
    }

    /** The adapter as it has become: another version than before is one of now. */
    void changed(MeasuredState state) {
        found(
                state,
                state.meta().version() == standing.meta().version()
                        ? standing.versionTime()
                        : OptionalLong.of(clock.getAsLong()));
    }

    void advised() {
        steps.addAdvice();
    }

    void stepped(LearnedStep step) {
        steps.add(step);
        changed(step.state());
    }

    private static double probes(Standing now, ToDoubleFunction<Forgetting.Retained> value) {
        return now.state().retained().map(value::applyAsDouble).orElse(Double.NaN);
    }

    private double versionAge(Standing now) {
        return now.versionTime().isPresent()
                ? (clock.getAsLong() - now.versionTime().getAsLong()) / 1000.0
                : Double.NaN;
    }

    private void gauge(JobMetric metric, MetricGroup group, ToDoubleFunction<Standing> value) {
        metric.gauge(
                group,
                () -> {
                    Standing now = standing;
                    return now == null ? Double.NaN : value.applyAsDouble(now);
                });
    }
}
