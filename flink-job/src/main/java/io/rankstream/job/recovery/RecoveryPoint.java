package io.rankstream.job.recovery;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
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
