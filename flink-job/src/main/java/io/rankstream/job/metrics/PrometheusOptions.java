package io.rankstream.job.metrics;

import java.util.Map;

/** How Flink's Prometheus reporter is set, in a process of ours and on a cluster alike. */
public final class PrometheusOptions {

    /** Name of the reporter in Flink's options. */
    public static final String REPORTER = "prom";

    /**
     * Options of the reporter. Label values stay as they are: {@code acme.eu} and {@code acme-eu}
     * are two adapters. Ids that only machines read make no labels; that of the attempt's number
     * stays, so that the metrics of one attempt cannot be taken for those of another.
     */
    public static final Map<String, String> OF_REPORTER =
            Map.of(
                    "filterLabelValueCharacters",
                    "false",
                    "scope.variables.excludes",
                    "task_id;task_attempt_id;operator_id");

    private PrometheusOptions() {}
}
