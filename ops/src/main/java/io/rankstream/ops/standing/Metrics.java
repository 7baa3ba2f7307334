package io.rankstream.ops.standing;

import io.rankstream.schemas.TrainingReport;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** How good an adapter is, in the metrics of its task. */
public final class Metrics {

    /** What the names of metrics over the newest examples begin with. */
    private static final String RECENT = "recent";

    private Metrics() {}

    /** A share; empty where the contract has null, as the adapter's task has no such share. */
    public static OptionalDouble known(Double share) {
        return share == null || share.isNaN() ? OptionalDouble.empty() : OptionalDouble.of(share);
    }

    /** What is drawn over time in place of accuracy; empty of a task that has accuracy. */
    static SortedMap<String, Double> curve(TrainingReport report) {
        SortedMap<String, Double> curve = new TreeMap<>();
        if (known(report.getPrequentialAccuracy()).isEmpty()) {
            report.getMetrics()
                    .forEach(
                            (name, value) -> {
                                if (name.startsWith(RECENT)) {
                                    curve.put(name, value);
                                }
                            });
        }
        return curve;
    }

    /** Metrics by name in a line, as {@code pearson 0.812, meanAbsoluteError 0.340}. */
    public static String line(Map<String, Double> metrics) {
        return metrics.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(
                        metric ->
                                String.format(
                                        Locale.ROOT, "%s %.3f", metric.getKey(), metric.getValue()))
                .collect(Collectors.joining(", "));
    }
}
