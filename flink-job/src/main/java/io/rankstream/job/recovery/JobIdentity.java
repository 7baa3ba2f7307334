package io.rankstream.job.recovery;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.rankstream.adapters.weights.Sha256;
import org.apache.flink.api.common.JobID;

/**
 * What makes a job the same from start to start: its {@code kafka.group-id}. The first half of a
 * start's id is digested from it and the second half is drawn, so that Flink's own names, of the
 * folder of a start's checkpoints or of a job in a cluster, say whose they are.
 *
 * @param groupId {@code kafka.group-id}
 */
public record JobIdentity(String groupId) {

    private static final int DIGITS = 16;
    private static final int SAVEPOINT_DIGITS = 6;

    /** An id for another start. */
    public JobID newStart() {
        return JobID.fromHexString(digest() + new JobID().toHexString().substring(DIGITS));
    }

    /** Whether a start is one of this job. */
    public boolean isStart(JobID start) {
        return start.toHexString().startsWith(digest());
    }

    /** Whether the name of a savepoint's folder may be that of a savepoint of this job. */
    boolean mayHaveNamed(String savepoint) {
        return savepoint.startsWith(
                RetainedState.SAVEPOINT_PREFIX + digest().substring(0, SAVEPOINT_DIGITS) + "-");
    }

    /** The half of an id that all starts share. */
    String digest() {
        return Sha256.of(groupId.getBytes(UTF_8)).substring(0, DIGITS);
    }
}
