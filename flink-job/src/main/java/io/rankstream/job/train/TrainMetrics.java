package io.rankstream.job.train;

import io.rankstream.adapters.training.StepOutcome;
import java.time.Duration;
import java.util.List;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Histogram;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.runtime.metrics.DescriptiveStatisticsHistogram;

/** Metrics of one training subtask; the constants are the catalogue of their names. */
final class TrainMetrics {

    /** Counter: optimizer steps. */
    static final String STEPS = "steps";

    /** Counter: examples trained on. */
    static final String EXAMPLES = "examples";

    /** Counter: examples refused. */
    static final String REFUSED = "refusedExamples";

    /** Counter: micro-batches that found their adapter ready to train. */
    static final String CACHE_HITS = "adapterCacheHits";

    /** Counter: micro-batches whose adapter had to be created or read from state. */
    static final String CACHE_MISSES = "adapterCacheMisses";

    /** Gauge: adapters of this subtask, in its keyed state or about to be. */
    static final String ADAPTERS = "adapters";

    /** Gauge: adapters ready to train. */
    static final String RESIDENT_ADAPTERS = "residentAdapters";

    /** Gauge: device bytes of those adapters. */
    static final String RESIDENT_BYTES = "residentAdapterBytes";

    /**
     * Histogram over the newest passes with a step: milliseconds from handing over micro-batches to
     * their outcomes.
     */
    static final String STEP_MILLIS = "stepMillis";

    /** Histogram over the newest passes: adapters that were trained together. */
    static final String BUNDLE_ADAPTERS = "bundleAdapters";

    /** Histogram over the newest passes: tokens of their micro-batches, without padding. */
    static final String BUNDLE_TOKENS = "bundleTokens";

    private static final int HISTOGRAM_PASSES = 1000;

    private final Counter steps;
    private final Counter examples;
    private final Counter refused;
    private final Counter cacheHits;
    private final Counter cacheMisses;
    private final Histogram stepMillis;
    private final Histogram bundleAdapters;
    private final Histogram bundleTokens;

    TrainMetrics(MetricGroup group, Adapters adapters) {
        steps = group.counter(STEPS);
        examples = group.counter(EXAMPLES);
        refused = group.counter(REFUSED);
        cacheHits = group.counter(CACHE_HITS);
        cacheMisses = group.counter(CACHE_MISSES);
        stepMillis = histogram(group, STEP_MILLIS);
        bundleAdapters = histogram(group, BUNDLE_ADAPTERS);
        bundleTokens = histogram(group, BUNDLE_TOKENS);
        group.gauge(ADAPTERS, adapters::count);
        group.gauge(RESIDENT_ADAPTERS, adapters.cache()::size);
        group.gauge(RESIDENT_BYTES, adapters.cache()::bytes);
    }

    /** Notes whether a micro-batch found its adapter ready to train. */
    void lookedUp(boolean ready) {
        (ready ? cacheHits : cacheMisses).inc();
    }

    void refused(int count) {
        refused.inc(count);
    }

    /**
     * Notes a pass.
     *
     * @param tokens of all its micro-batches
     * @param outcomes one an adapter
     */
    void trained(int tokens, List<StepOutcome> outcomes, Duration took) {
        bundleAdapters.update(outcomes.size());
        bundleTokens.update(tokens);
        long taken = outcomes.stream().filter(outcome -> outcome.report().isPresent()).count();
        if (taken > 0) {
            steps.inc(taken);
            stepMillis.update(took.toMillis());
        }
        for (StepOutcome outcome : outcomes) {
            examples.inc(outcome.trained().size());
            refused.inc(outcome.refusals().size());
        }
    }

    private static Histogram histogram(MetricGroup group, String name) {
        return group.histogram(name, new DescriptiveStatisticsHistogram(HISTOGRAM_PASSES));
    }
}
