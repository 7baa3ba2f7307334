package io.rankstream.job.recovery;

import io.rankstream.job.checkpoint.StoredSnapshot;
import io.rankstream.job.config.JobConfig;
import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.apache.flink.configuration.ReadableConfig;
import org.apache.flink.core.fs.Path;

/**
 * A complete checkpoint or savepoint that a job can go on from.
 *
 * @param path its folder
 * @param savepoint whether it is a savepoint, which nobody but the user deletes
 * @param checkpointId Flink's number of it, which rises within a start
 * @param completed when its last file was written
 */
public record RecoveryPoint(Path path, boolean savepoint, long checkpointId, Instant completed) {

    static RecoveryPoint of(Path path, StoredSnapshot snapshot, Instant completed) {
        return new RecoveryPoint(path, snapshot.isSavepoint(), snapshot.checkpointId(), completed);
    }

    /**
     * The newest of a job, among the folders that the configuration names.
     *
     * @param flink all of Flink's options, those of the cluster included
     */
    public static Optional<RecoveryPoint> newest(JobConfig config, ReadableConfig flink)
            throws RecoveryException {
        JobIdentity job = new JobIdentity(config.kafka().groupId());
        return RetainedState.find(job, config.topics(), flink).newest();
    }

    /**
     * The newest of those that are older than this one and none of whose files has changed.
     *
     * @param flink all of Flink's options, those of the cluster included
     */
    public Optional<RecoveryPoint> before(JobConfig config, ReadableConfig flink)
            throws RecoveryException {
        JobIdentity job = new JobIdentity(config.kafka().groupId());
        return RetainedState.find(job, config.topics(), flink).newestUnchanged(this);
    }

    /** Whether bytes of its files that have changed can be seen. */
    boolean isDigested() {
        try {
            return StoredSnapshot.read(path).hasDigests();
        } catch (IOException e) {
            return false;
        }
    }

    /** Whether it is seen that every file has the bytes that were written. */
    public boolean isSeenWhole() {
        try {
            StoredSnapshot snapshot = StoredSnapshot.read(path);
            snapshot.requireWhole();
            snapshot.requireUnchanged();
            return snapshot.hasDigests();
        } catch (IOException e) {
            return false;
        }
    }

    /** What it is, of when and where, for a sentence. */
    @Override
    public String toString() {
        return "%s of %s (%s)"
                .formatted(
                        savepoint ? "the savepoint" : "checkpoint " + checkpointId,
                        completed.truncatedTo(ChronoUnit.SECONDS),
                        path);
    }
}
