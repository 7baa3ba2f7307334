package io.rankstream.job.train;

import io.rankstream.adapters.training.StepOutcome;
import java.time.Duration;
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
     * Histogram over the newest steps: milliseconds from handing over a micro-batch to its outcome.
     */
    static final String STEP_MILLIS = "stepMillis";

    private static final int HISTOGRAM_STEPS = 1000;

    private final Counter steps;
    private final Counter examples;
    private final Counter refused;
    private final Counter cacheHits;
    private final Counter cacheMisses;
    private final Histogram stepMillis;

    TrainMetrics(MetricGroup group, Adapters adapters) {
        steps = group.counter(STEPS);
        examples = group.counter(EXAMPLES);
        refused = group.counter(REFUSED);
        cacheHits = group.counter(CACHE_HITS);
        cacheMisses = group.counter(CACHE_MISSES);
        stepMillis =
                group.histogram(STEP_MILLIS, new DescriptiveStatisticsHistogram(HISTOGRAM_STEPS));
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

    void trained(StepOutcome outcome, Duration took) {
        examples.inc(outcome.trained().size());
        refused.inc(outcome.refusals().size());
        if (outcome.report().isPresent()) {
            steps.inc();
            stepMillis.update(took.toMillis());
        }
    }
}
