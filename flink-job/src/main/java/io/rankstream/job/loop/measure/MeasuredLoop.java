package io.rankstream.job.loop.measure;

import io.rankstream.job.loop.account.Account;
import io.rankstream.job.metrics.JobMetric;
import io.rankstream.schemas.AdapterQuality;
import java.util.function.ToDoubleFunction;
import org.apache.flink.metrics.MetricGroup;

/** Metrics of the labeling loop of one adapter; gauges are asked by the threads of reporters. */
final class MeasuredLoop {

    private final CountedRequests requests;

    /** The newest estimate, never modified; null before the first since the task started. */
    private volatile AdapterQuality quality;

    /** Not a number before the first element since the task started. */
    private volatile double openRequests = Double.NaN;

    private volatile double awaitedInputs = Double.NaN;

    MeasuredLoop(MetricGroup group) {
        requests = new CountedRequests(group);
        gauge(JobMetric.ESTIMATED_ACCURACY, group, one -> orNaN(one.getAccuracy()));
        gauge(JobMetric.ESTIMATED_ACCURACY_LOW, group, one -> orNaN(one.getLow()));
        gauge(JobMetric.ESTIMATED_ACCURACY_HIGH, group, one -> orNaN(one.getHigh()));
        gauge(JobMetric.UNIFORM_ACCURACY, group, one -> orNaN(one.getUniformAccuracy()));
        gauge(JobMetric.NAIVE_ACCURACY, group, one -> orNaN(one.getNaiveAccuracy()));
        gauge(JobMetric.EFFECTIVE_LABELS, group, AdapterQuality::getEffectiveLabels);
        gauge(JobMetric.LABEL_MATURITY, group, AdapterQuality::getMaturity);
        JobMetric.OPEN_REQUESTS.gauge(group, () -> openRequests);
        JobMetric.AWAITED_INPUTS.gauge(group, () -> awaitedInputs);
        gauge(JobMetric.ANNOTATOR_AGREEMENT, group, one -> orNaN(one.getAgreement()));
        gauge(JobMetric.LABEL_DELAY_P50, group, one -> seconds(one.getDelayP50Ms()));
        gauge(JobMetric.LABEL_DELAY_P95, group, one -> seconds(one.getDelayP95Ms()));
        gauge(JobMetric.BUDGET_SPENT, group, MeasuredLoop::spent);
    }

    private void gauge(
            JobMetric metric, MetricGroup group, ToDoubleFunction<AdapterQuality> value) {
        metric.gauge(
                group,
                () -> {
                    AdapterQuality newest = quality;
                    return newest == null ? Double.NaN : value.applyAsDouble(newest);
                });
    }

    private static double orNaN(Double value) {
        return value == null ? Double.NaN : value;
    }

    private static double seconds(Long millis) {
        return millis == null ? Double.NaN : millis / 1000.0;
    }

    private static double spent(AdapterQuality quality) {
        return quality.getBudget() > 0 ? quality.getSpent() / quality.getBudget() : Double.NaN;
    }

    void estimated(AdapterQuality newest) {
        quality = newest;
    }

    void kept(Account account) {
        openRequests = account.openRequests();
        awaitedInputs = account.parked();
    }

    CountedRequests requests() {
        return requests;
    }
}
