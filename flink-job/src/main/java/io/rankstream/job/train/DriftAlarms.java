package io.rankstream.job.train;

import io.rankstream.adapters.drift.DriftAlarm;
import io.rankstream.adapters.drift.input.InputAlarm;
import io.rankstream.adapters.text.Program;
import io.rankstream.adapters.training.ResidentAdapter;
import io.rankstream.job.Later;
import io.rankstream.job.LogMarkers;
import io.rankstream.job.encode.EncodedExample;
import io.rankstream.job.record.RawRecord;
import io.rankstream.job.train.measure.MeasuredAdapters;
import io.rankstream.job.train.measure.MeasuredState;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells of what watches find: an event of each, and lines for whoever runs the job. */
final class DriftAlarms {

    private static final Logger LOGGER = LoggerFactory.getLogger(DriftAlarms.class);

    private final TrainingOutput output;
    private final MeasuredAdapters measured;
    private final AlarmLines lines;
    private final AlarmLines advice;

    DriftAlarms(TrainingOutput output, MeasuredAdapters measured, Later later) {
        this.output = output;
        this.measured = measured;
        this.advice =
                new AlarmLines(
                        "pieces of advice about inputs", line -> LOGGER.info("{}", line), later);
        this.lines =
                new AlarmLines(
                        "alarms of drift",
                        line -> LOGGER.warn(LogMarkers.CONSOLE, "{}", line),
                        later);
    }

    /**
     * An adapter errs more often than it did.
     *
     * @param step the step that was taken on the example
     * @param example the one that raised it
     */
    void tell(DriftAlarm alarm, long step, EncodedExample example) {
        output.emit(DriftEvents.alarm(alarm, step, example));
        lines.add(
                example.adapterId(),
                "Adapter '%s' %s: look at what its producer sends; '%s' says that the change is real, 'dismiss-drift' that there is none"
                        .formatted(
                                example.adapterId(),
                                DriftEvents.sentence(alarm),
                                Program.commandOfJob(
                                        "control confirm-drift " + example.adapterId())));
    }

    /**
     * The inputs of an adapter have become others, by what can be seen of them without a label.
     *
     * @param id that of the input that raised it
     * @param origin where that lies
     */
    void tell(
            InputAlarm alarm,
            ResidentAdapter adapter,
            String id,
            long eventTime,
            RawRecord origin) {
        String adapterId = adapter.meta().adapterId();
        output.emit(DriftEvents.advice(alarm, adapter.meta(), id, eventTime, origin));
        measured.advised(MeasuredState.of(adapter));
        advice.add(
                adapterId,
                "Adapter '%s' %s. No label has said so, and nothing is learned otherwise."
                        .formatted(adapterId, DriftEvents.sentence(alarm)));
    }
}
