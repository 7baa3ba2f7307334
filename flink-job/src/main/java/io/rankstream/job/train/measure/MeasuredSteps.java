package io.rankstream.job.train.measure;

import io.rankstream.job.metrics.JobMetric;
import io.rankstream.job.metrics.RecentMean;
import java.util.function.LongSupplier;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;

/** Metrics of the steps of an adapter, or of several together, since the task started. */
final class MeasuredSteps {

    private static final int LOSSES = 50;

    private final Counter steps;
    private final Counter examples;
    private final Counter alarms;
    private final Counter advice;
    private final Counter replayed;
    private final RecentMean loss = new RecentMean(LOSSES);
    private final LongSupplier clock;

    private volatile long newest;
    private volatile double unknownTokenShare = Double.NaN;
    private long tokens;
    private long unknownTokens;

    /**
     * Registers the metrics.
     *
     * @param clock milliseconds since 1970
     */
    MeasuredSteps(MetricGroup group, LongSupplier clock) {
        this.clock = clock;
        newest = clock.getAsLong();
        steps = JobMetric.ADAPTER_STEPS.counter(group);
        examples = JobMetric.ADAPTER_EXAMPLES.counter(group);
        alarms = JobMetric.DRIFT_ALARMS.counter(group);
        advice = JobMetric.DRIFT_ADVICE.counter(group);
        replayed = JobMetric.REPLAYED_EXAMPLES.counter(group);
        JobMetric.LOSS.gauge(group, loss::mean);
        JobMetric.SILENCE.gauge(group, () -> (clock.getAsLong() - newest) / 1000.0);
        JobMetric.UNKNOWN_TOKEN_SHARE.gauge(group, () -> unknownTokenShare);
    }

    void addAdvice() {
        advice.inc();
    }

    void add(LearnedStep step) {
        newest = clock.getAsLong();
        steps.inc();
        examples.inc(step.losses().size());
        alarms.inc(step.alarms());
        replayed.inc(step.replayed());
        step.losses().forEach(loss::add);
        tokens += step.tokens();
        unknownTokens += step.unknownTokens();
        unknownTokenShare = (double) unknownTokens / tokens;
    }
}
