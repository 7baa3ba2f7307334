package io.rankstream.job.train;

import io.rankstream.adapters.drift.DriftAlarm;
import io.rankstream.adapters.text.Program;
import io.rankstream.job.Later;
import io.rankstream.job.LogMarkers;
import io.rankstream.job.encode.EncodedExample;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells of what watches find: an event of each, and lines for whoever runs the job. */
final class DriftAlarms {

    private static final Logger LOGGER = LoggerFactory.getLogger(DriftAlarms.class);

    private final TrainingOutput output;
    private final AlarmLines lines;

    DriftAlarms(TrainingOutput output, Later later) {
        this.output = output;
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
}
