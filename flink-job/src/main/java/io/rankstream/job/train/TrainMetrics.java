package io.rankstream.job.train;

import io.rankstream.adapters.training.StepOutcome;
import io.rankstream.job.metrics.JobMetric;
import io.rankstream.job.metrics.ProcessMemory;
import java.time.Duration;
import java.util.List;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Histogram;
import org.apache.flink.metrics.MetricGroup;

/** Metrics of one training subtask, whatever the adapter. */
public final class TrainMetrics {

    private final Counter steps;
    private final Counter examples;
    private final Counter refused;
    private final Counter withheld;
    private final Counter trainedTokens;
    private final Counter cacheHits;
    private final Counter cacheMisses;
    private final Histogram stepMillis;
    private final Histogram bundleAdapters;
    private final Histogram bundleTokens;

    public TrainMetrics(MetricGroup group, Adapters adapters) {
        steps = JobMetric.STEPS.counter(group);
        examples = JobMetric.EXAMPLES.counter(group);
        refused = JobMetric.REFUSED_EXAMPLES.counter(group);
        withheld = JobMetric.WITHHELD_EXAMPLES.counter(group);
        trainedTokens = JobMetric.TOKENS.counter(group);
        JobMetric.TOKENS_PER_SECOND.rate(group, trainedTokens);
        cacheHits = JobMetric.CACHE_HITS.counter(group);
        cacheMisses = JobMetric.CACHE_MISSES.counter(group);
        stepMillis = JobMetric.STEP_MILLIS.histogram(group);
        bundleAdapters = JobMetric.BUNDLE_ADAPTERS.histogram(group);
        bundleTokens = JobMetric.BUNDLE_TOKENS.histogram(group);
        JobMetric.ADAPTERS.gauge(group, adapters::count);
        JobMetric.RESIDENT_ADAPTERS.gauge(group, adapters::resident);
        JobMetric.RESIDENT_ADAPTER_BYTES.gauge(group, adapters::residentBytes);
        JobMetric.PROCESS_RESIDENT_BYTES.gauge(group, ProcessMemory::residentBytes);
        JobMetric.PROCESS_NATIVE_BYTES.gauge(group, ProcessMemory::nativeBytes);
    }

    /** Notes whether a micro-batch found its adapter ready to train. */
    public void lookedUp(boolean ready) {
        (ready ? cacheHits : cacheMisses).inc();
    }

    public void refused(int count) {
        refused.inc(count);
    }

    /**
     * Notes a pass.
     *
     * @param tokens of all its micro-batches
     * @param outcomes one an adapter
     */
    public void trained(int tokens, List<StepOutcome> outcomes, Duration took) {
        bundleAdapters.update(outcomes.size());
        bundleTokens.update(tokens);
        trainedTokens.inc(tokens);
        long taken = outcomes.stream().filter(outcome -> outcome.report().isPresent()).count();
        if (taken > 0) {
            steps.inc(taken);
            stepMillis.update(took.toMillis());
        }
        for (StepOutcome outcome : outcomes) {
            examples.inc(outcome.trained().size());
            refused.inc(outcome.refusals().size());
            withheld.inc(outcome.withheld().size());
        }
    }
}
