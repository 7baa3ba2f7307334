package io.rankstream.ops.cli.run;

import io.rankstream.adapters.text.Program;
import io.rankstream.job.config.JobConfig;
import io.rankstream.job.recovery.RecoveryException;
import io.rankstream.job.recovery.RecoveryPoint;
import io.rankstream.job.savepoint.SavepointException;
import io.rankstream.job.savepoint.SavepointNotes;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.SortedMap;

/** Says where a job can be continued that has ended, and how. */
final class GoingOn {

    /** Finds what the job could go on from. */
    interface NewestState {
        Optional<RecoveryPoint> find() throws RecoveryException;
    }

    /** Looks at states of the job when one cannot be read. */
    interface StateLook {

        /** The newest one before it that is not seen to be damaged. */
        Optional<RecoveryPoint> before(RecoveryPoint younger) throws RecoveryException;

        /** Whether it is as it was written. */
        boolean isWhole(RecoveryPoint point);
    }

    /** Finds the paused adapters in a state of the job, with the examples that each holds. */
    interface PausedThere {
        SortedMap<String, Long> find(RecoveryPoint point) throws SavepointException;
    }

    private final NewestState newest;
    private final PausedThere paused;
    private final Path config;
    private final Instant started;
    private final String options;

    private Optional<RecoveryPoint> from = Optional.empty();

    /**
     * @param newest the newest state of the job, whichever start has left it
     * @param paused adapters that are paused in a state of it
     * @param config file of the configuration
     * @param started when this start of the job began
     * @param options further options that it was started with; blank for none
     */
    GoingOn(NewestState newest, PausedThere paused, Path config, Instant started, String options) {
        this.newest = newest;
        this.paused = paused;
        this.config = config;
        this.started = started;
        this.options = options;
    }

    /** For a start that begins now. */
    static GoingOn ofStart(JobConfig job, Path config, String options) {
        return new GoingOn(
                () -> RecoveryPoint.newest(job, job.flink()),
                point -> SavepointNotes.at(point.path().toString()).paused(),
                config,
                Instant.now(),
                options);
    }

    /** Notes what this start goes on from. */
    void from(Optional<RecoveryPoint> point) {
        from = point;
    }

    /** Which adapters are paused in what this start goes on from; blank where none is. */
    String pausedAtStart() {
        return from.map(this::paused).orElse("");
    }

    private String paused(RecoveryPoint point) {
        try {
            return PausedAdapters.sentence(paused.find(point), config);
        } catch (SavepointException e) {
            return "Which adapters are paused is not known: " + e.getMessage();
        }
    }

    private String withPaused(String sentence, RecoveryPoint point) {
        String told = paused(point);
        return told.isEmpty() ? sentence : told + System.lineSeparator() + sentence;
    }

    /**
     * For a job that was interrupted or has failed, before or after it was submitted. State of
     * earlier starts counts only if this one has gone on from it.
     */
    String afterInterruption() {
        try {
            return own().map(
                            point ->
                                    withPaused(
                                            "Go on from %s with: %s"
                                                    .formatted(point, resume(config)),
                                            point))
                    .orElseGet(this::again);
        } catch (RecoveryException e) {
            return "Where the job could go on from is not known: " + e.getMessage();
        }
    }

    private String again() {
        return "There is no checkpoint of this run: start it again%s with: %s"
                .formatted(from.map(point -> " from " + point).orElse(""), run(config, options));
    }

    /**
     * For a job whose state cannot be read. That is what it has gone on from, unless it has come to
     * a checkpoint since.
     *
     * @param reason why
     * @param look at what there is
     */
    String afterDamage(String reason, StateLook look) throws RecoveryException {
        Optional<RecoveryPoint> read = own().or(() -> from);
        if (read.filter(look::isWhole).isPresent()) {
            return "what the job had on the disks of its machine cannot be read, it is damaged (%s); %s is whole: go on from it with '%s'"
                    .formatted(reason, read.get(), run(config, from(read.get())));
        }
        Optional<RecoveryPoint> before =
                read.isPresent() ? look.before(read.get()) : Optional.empty();
        return "%s cannot be read, it is damaged (%s): %s"
                .formatted(
                        read.map(RecoveryPoint::toString).orElse("the job's state"),
                        reason,
                        before.map(
                                        point ->
                                                "go on from %s with '%s', or start anew with --fresh"
                                                        .formatted(point, run(config, from(point))))
                                .orElse(
                                        "none is there that is older and whole; go on from a copy of one with --from PATH, or start anew with --fresh, where start-from lets an adapter begin with the training_state.safetensors of its newest published version"));
    }

    /** For a job that has come to its end. */
    String afterEnd() throws RecoveryException {
        return own().filter(RecoveryPoint::savepoint)
                .map(
                        point ->
                                withPaused(
                                        "The job was stopped with %s. Go on with: %s"
                                                .formatted(point, resume(config)),
                                        point))
                .orElse("The stream has ended.");
    }

    /** The command that goes on from the newest state. */
    static String resume(Path config) {
        return run(config, "--resume");
    }

    private static String run(Path config, String options) {
        return Program.command(
                        "run --config %s %s".formatted(Program.quoted(config.toString()), options))
                .strip();
    }

    private static String from(RecoveryPoint point) {
        return "--from " + Program.quoted(point.path().toString());
    }

    private Optional<RecoveryPoint> own() throws RecoveryException {
        return newest.find().filter(point -> point.completed().isAfter(started));
    }
}
