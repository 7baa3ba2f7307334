package io.rankstream.ops.cli;

import io.rankstream.adapters.text.Program;
import io.rankstream.job.config.JobConfig;
import io.rankstream.job.recovery.RecoveryException;
import io.rankstream.job.recovery.RecoveryPoint;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;

/** Says where a job can be continued that has ended, and how. */
final class GoingOn {

    /** Finds what the job could go on from. */
    interface NewestState {
        Optional<RecoveryPoint> find() throws RecoveryException;
    }

    private final NewestState newest;
    private final Path config;
    private final Instant started;
    private final String options;

    private Optional<RecoveryPoint> from = Optional.empty();

    /**
     * @param newest the newest state of the job, whichever start has left it
     * @param config file of the configuration
     * @param started when this start of the job began
     * @param options further options that it was started with; blank for none
     */
    GoingOn(NewestState newest, Path config, Instant started, String options) {
        this.newest = newest;
        this.config = config;
        this.started = started;
        this.options = options;
    }

    /** For a start that begins now. */
    static GoingOn ofStart(JobConfig job, Path config, String options) {
        return new GoingOn(
                () -> RecoveryPoint.newest(job, job.flink()), config, Instant.now(), options);
    }

    /** Notes what this start goes on from. */
    void from(Optional<RecoveryPoint> point) {
        from = point;
    }

    /**
     * For a job that was interrupted or has failed, before or after it was submitted. State of
     * earlier starts counts only if this one has gone on from it.
     */
    String afterInterruption() {
        try {
            return own().map(point -> "Go on from %s with: %s".formatted(point, resume(config)))
                    .orElseGet(this::again);
        } catch (RecoveryException e) {
            return "Where the job could go on from is not known: " + e.getMessage();
        }
    }

    private String again() {
        return "There is no checkpoint of this run: start it again%s with: %s"
                .formatted(from.map(point -> " from " + point).orElse(""), run(config, options));
    }

    /** For a job that has come to its end. */
    String afterEnd() throws RecoveryException {
        return own().filter(RecoveryPoint::savepoint)
                .map(
                        point ->
                                "The job was stopped behind %s. Go on with: %s"
                                        .formatted(point, resume(config)))
                .orElse("The stream has ended.");
    }

    /** The command that goes on from the newest state. */
    static String resume(Path config) {
        return run(config, "--resume");
    }

    private static String run(Path config, String options) {
        return Program.command("run --config %s %s".formatted(config, options)).strip();
    }

    private Optional<RecoveryPoint> own() throws RecoveryException {
        return newest.find().filter(point -> point.completed().isAfter(started));
    }
}
