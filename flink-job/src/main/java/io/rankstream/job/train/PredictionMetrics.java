package io.rankstream.job.train;

import io.rankstream.job.metrics.JobMetric;
import io.rankstream.job.record.RawRecord;
import java.time.Duration;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Histogram;
import org.apache.flink.metrics.MetricGroup;

/** Metrics of the inputs that one subtask predicts, whatever the adapter. */
final class PredictionMetrics {

    private final Counter inputs;
    private final Histogram waitMillis;
    private final Histogram ageMillis;

    PredictionMetrics(MetricGroup group) {
        inputs = JobMetric.PREDICTED_INPUTS.counter(group);
        JobMetric.PREDICTED_INPUTS_PER_SECOND.rate(group, inputs);
        waitMillis = JobMetric.PREDICTION_WAIT_MILLIS.histogram(group);
        ageMillis = JobMetric.PREDICTION_AGE_MILLIS.histogram(group);
    }

    /**
     * Notes an input.
     *
     * @param arrival when it came, in nanoseconds of {@link System#nanoTime()}
     * @param now milliseconds since the epoch
     */
    void predicted(RawRecord origin, long arrival, long now) {
        inputs.inc();
        waitMillis.update(Duration.ofNanos(System.nanoTime() - arrival).toMillis());
        if (origin.timestamp() != RawRecord.NO_TIMESTAMP) {
            ageMillis.update(Math.max(0, now - origin.timestamp()));
        }
    }
}
