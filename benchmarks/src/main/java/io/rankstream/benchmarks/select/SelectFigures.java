package io.rankstream.benchmarks.select;

import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * How a method fared over a stream. All shares are of predictions made before their examples were
 * learned from.
 *
 * @param uniformShare part of the budget that all inputs had alike
 * @param labels labels that were learned from
 * @param accuracy share of right predictions of all inputs
 * @param secondHalf the same over the second half
 * @param recall mean over the labels of the share of their inputs that were predicted right
 */
record SelectFigures(
        String stream,
        String method,
        double uniformShare,
        long seed,
        int inputs,
        int labels,
        double accuracy,
        double secondHalf,
        double recall) {

    static final String HEADER =
            String.format(
                    "%-12s %-9s %7s %5s %7s %7s %9s %9s %7s",
                    "stream",
                    "method",
                    "uniform",
                    "seed",
                    "inputs",
                    "labels",
                    "accuracy",
                    "2nd half",
                    "recall");

    /** Counts predictions and labels. */
    static final class Counting {
        private final StringBuilder hits = new StringBuilder();
        private final Map<String, int[]> byLabel = new TreeMap<>();
        private int asked;

        void predicted(String said, String label) {
            boolean isRight = said.equals(label);
            hits.append(isRight ? '1' : '0');
            int[] counts = byLabel.computeIfAbsent(label, name -> new int[2]);
            counts[0]++;
            counts[1] += isRight ? 1 : 0;
        }

        void asked() {
            asked++;
        }

        SelectFigures figures(String stream, String method, double uniformShare, long seed) {
            return new SelectFigures(
                    stream,
                    method,
                    uniformShare,
                    seed,
                    hits.length(),
                    asked,
                    share(0),
                    share(hits.length() / 2),
                    byLabel.values().stream()
                            .mapToDouble(counts -> (double) counts[1] / counts[0])
                            .average()
                            .orElse(Double.NaN));
        }

        private double share(int from) {
            return (double) hits.chars().skip(from).filter(hit -> hit == '1').count()
                    / (hits.length() - from);
        }
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "%-12s %-9s %7.2f %5d %7d %7d %9.4f %9.4f %7.4f",
                stream,
                method,
                uniformShare,
                seed,
                inputs,
                labels,
                accuracy,
                secondHalf,
                recall);
    }
}
