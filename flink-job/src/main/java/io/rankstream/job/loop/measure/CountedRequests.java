package io.rankstream.job.loop.measure;

import io.rankstream.job.metrics.JobMetric;
import io.rankstream.schemas.LabelOutcome;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;

/** What became of requests for labels. */
final class CountedRequests {

    private final Counter returned;
    private final Counter expired;
    private final Counter conflicts;

    CountedRequests(MetricGroup group) {
        returned = JobMetric.LABELS_RETURNED.counter(group);
        expired = JobMetric.REQUESTS_EXPIRED.counter(group);
        conflicts = JobMetric.LABEL_CONFLICTS.counter(group);
    }

    void count(LabelOutcome outcome) {
        if (outcome.getRequestId() == null) {
            return; // nobody had asked
        }
        switch (outcome.getStatus()) {
            case FINAL -> returned.inc();
            case EXPIRED -> expired.inc();
            case CONFLICT -> conflicts.inc();
            case CONFIRMED, CORRECTED, RETRACTED, LATE, SUPERSEDED, UNKNOWN -> {}
        }
    }
}
