package io.rankstream.job.source.watch;

import io.rankstream.job.LogMarkers;
import io.rankstream.job.metrics.JobMetric;
import java.util.function.Consumer;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells what input is gone: a warning in the log and on the console, and metrics of the source. */
public final class InputGaps implements Consumer<InputGap> {

    private static final Logger LOG = LoggerFactory.getLogger(InputGaps.class);

    private final Counter gaps;
    private final Counter lost;

    public InputGaps(MetricGroup group) {
        gaps = JobMetric.INPUT_GAPS.sharedCounter(group);
        lost = JobMetric.LOST_RECORDS.sharedCounter(group);
    }

    @Override
    public void accept(InputGap gap) {
        LOG.warn(LogMarkers.CONSOLE, "{}", gap.sentence());
        gaps.inc();
        lost.inc(gap.lost());
    }
}
