package io.rankstream.job.train.measure;

import io.rankstream.adapters.task.Score;
import io.rankstream.adapters.task.WatchedMetric;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.IntStream;

/**
 * A mean over the examples of several adapters, which come and go.
 *
 * @param examples those of adapters whose task has the metric
 * @param sum of their values
 */
record Mean(long examples, double sum) {

    static final Mean NONE = new Mean(0, 0);

    /** That of one adapter; {@link #NONE} where its task has no such metric. */
    static Mean of(WatchedMetric metric, Score<?> score) {
        OptionalDouble value = metric.of(score);
        return value.isPresent()
                ? new Mean(score.examples(), value.getAsDouble() * score.examples())
                : NONE;
    }

    /** Each of {@code means} with the one of {@code others} at its place, or, by -1, without it. */
    static List<Mean> plus(List<Mean> means, List<Mean> others, int sign) {
        return IntStream.range(0, means.size())
                .mapToObj(i -> means.get(i).plus(others.get(i), sign))
                .toList();
    }

    private Mean plus(Mean other, int sign) {
        return new Mean(examples + sign * other.examples, sum + sign * other.sum);
    }

    /** The mean; NaN of no example. */
    double value() {
        return examples == 0 ? Double.NaN : sum / examples;
    }
}
