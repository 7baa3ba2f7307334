package io.rankstream.ops.cli;

import io.rankstream.job.config.JobConfig;
import io.rankstream.job.recovery.RecoveryException;
import io.rankstream.job.recovery.RecoveryPoint;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;

/** Says where a job can be continued that has ended, and how. */
final class GoingOn {

    private final JobConfig job;
    private final Path config;
    private final Instant started;

    /**
     * @param config file of the configuration
     * @param started when the job was started
     */
    GoingOn(JobConfig job, Path config, Instant started) {
        this.job = job;
        this.config = config;
        this.started = started;
    }

    /** For a job that was interrupted or has failed. */
    String afterInterruption() {
        try {
            return newest().map(point -> "Go on from %s with: %s".formatted(point, resume(config)))
                    .orElse("There is no checkpoint yet that the job could go on from.");
        } catch (RecoveryException e) {
            return "Where the job could go on from is not known: " + e.getMessage();
        }
    }

    /** For a job that has come to its end. */
    String afterEnd() throws RecoveryException {
        return newest().filter(point -> point.savepoint() && point.completed().isAfter(started))
                .map(
                        point ->
                                "The job was stopped behind %s. Go on with: %s"
                                        .formatted(point, resume(config)))
                .orElse("The stream has ended.");
    }

    /** The command that goes on from the newest state. */
    static String resume(Path config) {
        return "rankstream run --config %s --resume".formatted(config);
    }

    private Optional<RecoveryPoint> newest() throws RecoveryException {
        return RecoveryPoint.newest(job, job.flink());
    }
}
