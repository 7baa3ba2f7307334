package io.rankstream.job.train.measure;

import io.rankstream.adapters.state.AdapterMeta;
import io.rankstream.adapters.task.Score;
import io.rankstream.adapters.task.WatchedMetric;
import io.rankstream.job.metrics.JobMetric;
import io.rankstream.job.metrics.RecentMean;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.LongSupplier;
import java.util.function.ToDoubleFunction;
import org.apache.flink.metrics.MetricGroup;

/**
 * Metrics of the adapters that have none of their own, all together: sums, and means of what tasks
 * watch. The task's thread tells; reporters ask from others.
 */
final class MeasuredOthers {

    /** Means over the lives of adapters. */
    private static final List<WatchedMetric> LIFETIME = means(true);

    /** Means over the newest examples. */
    private static final List<WatchedMetric> RECENT = means(false);

    /**
     * What adapters have done in their lives, in numbers that can be added.
     *
     * @param means those of {@link #LIFETIME}, in their order
     */
    private record Lives(long examples, long steps, long truncated, List<Mean> means) {

        static final Lives NONE =
                new Lives(0, 0, 0, LIFETIME.stream().map(metric -> Mean.NONE).toList());

        static Lives of(AdapterMeta meta) {
            return new Lives(
                    meta.score().examples(),
                    meta.step(),
                    meta.truncated(),
                    LIFETIME.stream().map(metric -> Mean.of(metric, meta.score())).toList());
        }

        Lives plus(Lives other, int sign) {
            return new Lives(
                    examples + sign * other.examples,
                    steps + sign * other.steps,
                    truncated + sign * other.truncated,
                    Mean.plus(means, other.means, sign));
        }

        double truncatedShare() {
            return (double) truncated / examples;
        }
    }

    private final Map<String, Lives> byAdapter = new HashMap<>();
    private final Map<WatchedMetric, RecentMean> recent = new LinkedHashMap<>();
    private final MeasuredSteps steps;

    private volatile Lives all = Lives.NONE;

    /**
     * Registers the metrics.
     *
     * @param clock milliseconds since 1970
     */
    MeasuredOthers(MetricGroup group, LongSupplier clock) {
        steps = new MeasuredSteps(group, clock);
        lives(JobMetric.LIFETIME_EXAMPLES, group, Lives::examples);
        lives(JobMetric.LIFETIME_STEPS, group, Lives::steps);
        lives(JobMetric.TRUNCATED_SHARE, group, Lives::truncatedShare);
        for (int i = 0; i < LIFETIME.size(); i++) {
            int place = i;
            lives(JobMetric.of(LIFETIME.get(i)), group, now -> now.means().get(place).value());
        }
        for (WatchedMetric metric : RECENT) {
            RecentMean mean = new RecentMean(metric.newest());
            recent.put(metric, mean);
            JobMetric.of(metric).gauge(group, mean::mean);
        }
    }

    private static List<WatchedMetric> means(boolean ofLives) {
        return WatchedMetric.all().stream()
                .filter(metric -> metric.isMean() && ofLives == (metric.newest() == 0))
                .toList();
    }

    /** One of the others, as it is now. */
    void changed(AdapterMeta meta) {
        Lives now = Lives.of(meta);
        forget(meta.adapterId());
        byAdapter.put(meta.adapterId(), now);
        all = all.plus(now, 1);
    }

    void advised() {
        steps.addAdvice();
    }

    void stepped(LearnedStep step) {
        steps.add(step);
        recent.forEach((metric, mean) -> add(metric, mean, step));
        changed(step.state().meta());
    }

    /** Each example of a step counts as much as their mean. */
    private static void add(WatchedMetric metric, RecentMean mean, LearnedStep step) {
        int newest = Math.min(step.losses().size(), Score.WINDOW);
        OptionalDouble ofStep = step.state().meta().score().recent(metric.metric(), newest);
        for (int i = 0; i < newest && ofStep.isPresent(); i++) {
            mean.add(ofStep.getAsDouble());
        }
    }

    /** An adapter that has metrics of its own from now on. */
    void forget(String adapterId) {
        Lives before = byAdapter.remove(adapterId);
        all = before == null ? all : all.plus(before, -1);
    }

    private void lives(JobMetric metric, MetricGroup group, ToDoubleFunction<Lives> value) {
        metric.gauge(group, () -> value.applyAsDouble(all));
    }
}
