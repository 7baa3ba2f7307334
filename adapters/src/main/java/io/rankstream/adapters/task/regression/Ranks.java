package io.rankstream.adapters.task.regression;

import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** Places of numbers in their order. */
final class Ranks {
    private Ranks() {}

    /** The place of each number from 1 on; equal ones share the mean of theirs. */
    static double[] of(double[] values) {
        List<Integer> order =
                IntStream.range(0, values.length)
                        .boxed()
                        .sorted(Comparator.comparingDouble(i -> values[i]))
                        .toList();
        double[] ranks = new double[values.length];
        int from = 0;
        while (from < values.length) {
            int to = from + 1;
            while (to < values.length && values[order.get(to)] == values[order.get(from)]) {
                to++;
            }
            for (int i = from; i < to; i++) {
                ranks[order.get(i)] = (from + 1 + to) / 2.0;
            }
            from = to;
        }
        return ranks;
    }
}
