package io.rankstream.job.metrics;

import static java.util.stream.Collectors.joining;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** The page of the documentation that lists every metric, written from the metrics themselves. */
final class MetricsPage {

    private static final String INTRODUCTION =
            """
            # Metrics

            <!-- Written from JobMetric and FlinkMetric by MetricsPageTest, which says how: do not edit. -->

            What a running job tells Prometheus. [operations.md](operations.md#metrics) says how to scrape it, what to look at, and what each alert means.

            - `metrics.prometheus-port` makes `rankstream run` serve these metrics on the machine itself. On a cluster, Flink's own reporter serves them under the same names, set as [below](#flinks-reporter).
            - Flink's reporter declares counters as gauges. They rise as counters do and begin at 0 when their task starts, so `rate()` and `increase()` are right for them.
            - Values that are *in state* go on after a restart where they were. All others begin anew.
            - Every metric of a task has the labels `job_id`, `job_name`, `task_name`, `task_attempt_num`, `operator_name`, `subtask_index`, `tm_id` and `host`. Sum or take the maximum by `adapter`, since an attempt or a parallelism is a series of its own.
            """;

    private MetricsPage() {}

    static String text() {
        return INTRODUCTION + labels() + ours() + flinks() + reporter();
    }

    private static String labels() {
        return """

               ## Labels

               | Label | Value |
               |---|---|
               """
                + Arrays.stream(MetricLabel.values())
                        .map(label -> "| `%s` | %s |\n".formatted(label.key(), label.meaning()))
                        .collect(joining())
                + """

                  A subtask has series of at most `metrics.max-adapters` adapters. After a start they are those that have learned most, then whoever comes first. Who is beyond the limit takes the place of an adapter that was quiet for an hour, whose series end.
                  """;
    }

    private static String ours() {
        return """

               ## Metrics of Rankstream
               """
                + JobMetric.all().stream()
                        .map(MetricsPage::section)
                        .distinct()
                        .map(MetricsPage::section)
                        .collect(joining());
    }

    /** Those with the same operator and labels are one table. */
    private static List<Object> section(JobMetric metric) {
        return List.of(metric.operators(), metric.labels());
    }

    private static String section(List<Object> section) {
        List<JobMetric> metrics =
                JobMetric.all().stream().filter(metric -> section(metric).equals(section)).toList();
        JobMetric first = metrics.get(0);
        return """

               ### %s

               Flink's names of them follow `%s`.

               | Metric | Type | Unit | Meaning |
               |---|---|---|---|
               %s"""
                .formatted(
                        title(first),
                        prefix(first),
                        metrics.stream().map(MetricsPage::row).collect(joining()));
    }

    private static String title(JobMetric metric) {
        String operators =
                "`operator_name` "
                        + metric.operators().stream()
                                .map(name -> "`" + name + "`")
                                .collect(joining(" and "));
        return metric.labels().isEmpty()
                ? operators
                : operators
                        + ", by "
                        + metric.labels().stream()
                                .map(label -> "`" + label.key() + "`")
                                .collect(joining(" and "));
    }

    private static String prefix(JobMetric metric) {
        String name = metric.prometheusName();
        return name.substring(0, name.length() - metric.flinkName().length());
    }

    private static String row(JobMetric metric) {
        return "| `%s` | %s | %s | %s |\n"
                .formatted(
                        metric.flinkName(), name(metric.type()), metric.unit(), metric.meaning());
    }

    private static String flinks() {
        return """

               ## Metrics of Flink

               Flink has many more; these are what the dashboards and alerts use. Names are Prometheus's.

               | Metric | Type | Unit | Meaning |
               |---|---|---|---|
               """
                + Arrays.stream(FlinkMetric.values())
                        .map(
                                metric ->
                                        "| `%s` | %s | %s | %s |\n"
                                                .formatted(
                                                        metric.prometheusName(),
                                                        name(metric.type()),
                                                        metric.unit(),
                                                        metric.meaning()))
                        .collect(joining());
    }

    private static String reporter() {
        Map<String, String> options = new TreeMap<>(PrometheusOptions.OF_REPORTER);
        options.put(
                "factory.class", "org.apache.flink.metrics.prometheus.PrometheusReporterFactory");
        options.put("port", "9249-9259");
        return """

               ## Flink's reporter

               In Flink's own configuration, for JobManagers and TaskManagers; `flink-metrics-prometheus` is in Flink's `plugins` folder already:

               ```yaml
               %s```

               Labels would lose every sign but letters, digits, `:` and `_` otherwise, so that `acme.eu` and `acme-eu` were one adapter.
               """
                .formatted(
                        options.entrySet().stream()
                                .map(
                                        option ->
                                                "metrics.reporter.%s.%s: %s\n"
                                                        .formatted(
                                                                PrometheusOptions.REPORTER,
                                                                option.getKey(),
                                                                option.getValue()))
                                .collect(joining()));
    }

    private static String name(MetricType type) {
        return type.name().toLowerCase(Locale.ROOT);
    }
}
