package io.rankstream.job.train.measure;

import io.rankstream.adapters.state.AdapterMeta;
import io.rankstream.adapters.task.Score;
import io.rankstream.adapters.task.classification.PrequentialScore;
import io.rankstream.job.metrics.JobMetric;
import io.rankstream.job.metrics.RecentMean;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.function.ToDoubleFunction;
import org.apache.flink.metrics.MetricGroup;

/**
 * Metrics of the adapters that have none of their own, all together: sums, and shares of the sums.
 * The task's thread tells; reporters ask from others.
 */
final class MeasuredOthers {

    /** What adapters have done in their lives, in numbers that can be added. */
    private record Lives(
            long examples, long steps, long classified, long right, long majority, long truncated) {

        static final Lives NONE = new Lives(0, 0, 0, 0, 0, 0);

        static Lives of(AdapterMeta meta) {
            Score<?> score = meta.score();
            return new Lives(
                    score.examples(),
                    meta.step(),
                    score.metric(PrequentialScore.ACCURACY).isPresent() ? score.examples() : 0,
                    examples(score, PrequentialScore.ACCURACY),
                    examples(score, PrequentialScore.MAJORITY_ACCURACY),
                    meta.truncated());
        }

        /** Examples that a share of them is; a share of whole numbers is as exact as it need be. */
        private static long examples(Score<?> score, String share) {
            return Math.round(score.metric(share).orElse(0) * score.examples());
        }

        Lives plus(Lives other) {
            return new Lives(
                    examples + other.examples,
                    steps + other.steps,
                    classified + other.classified,
                    right + other.right,
                    majority + other.majority,
                    truncated + other.truncated);
        }

        Lives minus(Lives other) {
            return new Lives(
                    examples - other.examples,
                    steps - other.steps,
                    classified - other.classified,
                    right - other.right,
                    majority - other.majority,
                    truncated - other.truncated);
        }

        double share(long part) {
            return (double) part / examples;
        }

        double shareOfClassified(long part) {
            return (double) part / classified;
        }
    }

    private final Map<String, Lives> byAdapter = new HashMap<>();
    private final RecentMean newest50 = new RecentMean(50);
    private final RecentMean newest1000 = new RecentMean(Score.WINDOW);
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
        JobMetric.ACCURACY_LAST_50.gauge(group, newest50::mean);
        JobMetric.ACCURACY_LAST_1000.gauge(group, newest1000::mean);
        lives(JobMetric.ACCURACY, group, now -> now.shareOfClassified(now.right()));
        lives(JobMetric.MAJORITY_ACCURACY, group, now -> now.shareOfClassified(now.majority()));
        lives(JobMetric.TRUNCATED_SHARE, group, now -> now.share(now.truncated()));
    }

    /** One of the others, as it is now. */
    void changed(AdapterMeta meta) {
        Lives now = Lives.of(meta);
        Lives before = byAdapter.put(meta.adapterId(), now);
        all = all.minus(before == null ? Lives.NONE : before).plus(now);
    }

    void stepped(LearnedStep step) {
        steps.add(step);
        for (LearnedStep.Predicted prediction : step.predictions()) {
            double right = prediction.right() ? 1 : 0;
            newest50.add(right);
            newest1000.add(right);
        }
        changed(step.meta());
    }

    /** An adapter that has metrics of its own from now on. */
    void forget(String adapterId) {
        Lives before = byAdapter.remove(adapterId);
        all = before == null ? all : all.minus(before);
    }

    private void lives(JobMetric metric, MetricGroup group, ToDoubleFunction<Lives> value) {
        metric.gauge(group, () -> value.applyAsDouble(all));
    }
}
