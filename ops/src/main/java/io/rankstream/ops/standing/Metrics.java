package io.rankstream.ops.standing;

import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.stream.Collectors;

/** How good an adapter is, in the metrics of its task. */
public final class Metrics {
    private Metrics() {}

    /** A share; empty where the contract has null, as the adapter's task has no such share. */
    public static OptionalDouble known(Double share) {
        return share == null || share.isNaN() ? OptionalDouble.empty() : OptionalDouble.of(share);
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
