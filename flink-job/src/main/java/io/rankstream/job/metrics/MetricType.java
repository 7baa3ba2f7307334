package io.rankstream.job.metrics;

/** How a metric behaves, and what Prometheus takes it for. */
public enum MetricType {
    /** Only rises, and begins at 0 with every start of its task. */
    COUNTER("gauge"),
    /** A value of now. */
    GAUGE("gauge"),
    /** A rate over the last minute. */
    METER("gauge"),
    /** Quantiles over the newest values, and how many values there were. */
    HISTOGRAM("summary");

    private final String prometheus;

    MetricType(String prometheus) {
        this.prometheus = prometheus;
    }

    /** Type that Flink's reporter declares: a gauge also for counters. */
    public String prometheus() {
        return prometheus;
    }
}
