package io.rankstream.ops.run;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.StreamSupport;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.runtime.checkpoint.CheckpointStatsSnapshot;
import org.apache.flink.runtime.execution.ExecutionState;
import org.apache.flink.runtime.executiongraph.AccessExecutionGraph;
import org.apache.flink.runtime.executiongraph.AccessExecutionVertex;
import org.apache.flink.runtime.executiongraph.ErrorInfo;

/**
 * A job as it was at one moment.
 *
 * @param ending whether it will not be tried again
 * @param running whether every task runs
 * @param restarts how often its tasks have been started anew
 * @param checkpoints how many have been completed
 * @param failure its newest failure
 */
public record JobGlance(
        boolean ending,
        boolean running,
        int restarts,
        long checkpoints,
        Optional<Failure> failure) {

    /**
     * A failure of the job.
     *
     * @param time when it happened, in milliseconds since 1970
     * @param cause what happened
     */
    public record Failure(long time, Throwable cause) {

        private static Failure of(ErrorInfo error) {
            return new Failure(
                    error.getTimestamp(),
                    error.getException().deserializeError(JobGlance.class.getClassLoader()));
        }
    }

    static JobGlance at(AccessExecutionGraph job) {
        List<? extends AccessExecutionVertex> tasks =
                StreamSupport.stream(job.getAllExecutionVertices().spliterator(), false).toList();
        CheckpointStatsSnapshot checkpoints = job.getCheckpointStatsSnapshot();
        return new JobGlance(
                job.getState().isGloballyTerminalState()
                        || job.getState() == JobStatus.FAILING
                        || job.getState() == JobStatus.CANCELLING,
                tasks.stream().allMatch(task -> isRunning(task.getExecutionState())),
                tasks.stream()
                        .map(task -> task.getCurrentExecutionAttempt().getAttemptNumber())
                        .max(Comparator.naturalOrder())
                        .orElse(0),
                checkpoints == null ? 0 : checkpoints.getCounts().getNumberOfCompletedCheckpoints(),
                Optional.ofNullable(job.getFailureInfo()).map(Failure::of));
    }

    /** A task of a bounded stream may have finished already. */
    private static boolean isRunning(ExecutionState state) {
        return state == ExecutionState.RUNNING || state == ExecutionState.FINISHED;
    }
}
