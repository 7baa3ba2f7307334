package io.rankstream.job.source.kafka;

import io.rankstream.job.LogMarkers;
import java.util.function.Consumer;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.metrics.ThreadSafeSimpleCounter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells what input is gone: a warning in the log and on the console, and metrics of the source. */
final class InputGaps implements Consumer<InputGap> {

    /** Counter: times that input was not what it was before. */
    static final String GAPS = "inputGaps";

    /** Counter: offsets that were deleted before they were read; at most as many records. */
    static final String LOST = "lostRecords";

    private static final Logger LOG = LoggerFactory.getLogger(InputGaps.class);

    private final Counter gaps;
    private final Counter lost;

    InputGaps(MetricGroup group) {
        gaps = group.counter(GAPS, new ThreadSafeSimpleCounter());
        lost = group.counter(LOST, new ThreadSafeSimpleCounter());
    }

    @Override
    public void accept(InputGap gap) {
        LOG.warn(LogMarkers.CONSOLE, "{}", gap.sentence());
        gaps.inc();
        lost.inc(gap.lost());
    }
}
