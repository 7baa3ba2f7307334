package io.rankstream.ops.run.watch;

import io.rankstream.ops.run.DamagedState;
import io.rankstream.ops.run.JobGlance;
import io.rankstream.ops.run.RootCause;
import io.rankstream.ops.run.Seconds;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Tells of failures that a job recovers from, or tries to: one line a failure, one when the job
 * runs again, and one when trying again leads nowhere. For use by one thread.
 */
public final class RestartWatch {

    /**
     * From so many equal failures on it is said that they are; then each time they have doubled.
     */
    private static final int FIRST_WARNING = 3;

    /** So many equal failures make it sure that state cannot be read. */
    private static final int FIRST_DEAD_END = 2;

    private final RestartDelay delay;
    private final RootCause root;

    /** Of the newest failure that was told. */
    private long failureTime;

    private int restartsThen = -1;
    private long checkpointsThen;
    private String kindThen = "";
    private int equalFailures;
    private int nextWarning = FIRST_WARNING;
    private Throwable newest;

    /** When the job stopped running; 0 while it runs. */
    private long downSince;

    public RestartWatch(RestartDelay delay, RootCause root) {
        this.delay = delay;
        this.root = root;
    }

    /**
     * What is new since the last call.
     *
     * @param now in milliseconds since 1970
     */
    public List<String> see(JobGlance job, long now) {
        List<String> lines = new ArrayList<>();
        if (job.ending()) {
            return lines;
        }
        job.failure().filter(failure -> isNew(failure, job)).ifPresent(it -> tell(it, job, lines));
        if (downSince > 0 && job.running() && job.restarts() > restartsThen) {
            lines.add("the job runs again after " + Seconds.of(Duration.ofMillis(now - downSince)));
            downSince = 0;
        }
        return lines;
    }

    /**
     * The reason for which no attempt leads anywhere: state that cannot be read. Empty while a
     * later attempt may; what stores the state may have been away.
     */
    public Optional<String> deadEnd() {
        return equalFailures >= FIRST_DEAD_END && DamagedState.isCauseOf(newest)
                ? Optional.of(withoutPeriod(root.sentence(newest)))
                : Optional.empty();
    }

    /** Several tasks may fail of one cause, in one attempt. */
    private boolean isNew(JobGlance.Failure failure, JobGlance job) {
        return failure.time() != failureTime && job.restarts() > restartsThen;
    }

    private void tell(JobGlance.Failure failure, JobGlance job, List<String> lines) {
        String reason = root.sentence(failure.cause());
        count(kind(reason), job.checkpoints());
        failureTime = failure.time();
        newest = failure.cause();
        restartsThen = restartsBefore(job);
        if (downSince == 0) {
            downSince = failure.time();
        }
        lines.add(
                "the job failed: %s; attempt %d begins in about %s"
                        .formatted(
                                withoutPeriod(reason),
                                restartsThen + 2,
                                Seconds.of(delay.after(failure.time()))));
        if (equalFailures >= nextWarning) {
            nextWarning *= 2;
            lines.add(
                    "the job failed %d times in a row for the same reason, with no checkpoint in between: unless something that it needs is about to come back, mend what the reason names, or stop with Ctrl-C, correct the configuration and start it again; no example is lost meanwhile"
                            .formatted(equalFailures));
        }
    }

    /** A job that runs has restarted since its newest failure, too soon to be seen. */
    private static int restartsBefore(JobGlance job) {
        return job.running() ? job.restarts() - 1 : job.restarts();
    }

    private void count(String kind, long checkpoints) {
        if (kind.equals(kindThen) && checkpoints == checkpointsThen) {
            equalFailures++;
        } else {
            equalFailures = 1;
            nextWarning = FIRST_WARNING;
        }
        kindThen = kind;
        checkpointsThen = checkpoints;
    }

    /** The same reason may come with another offset, file, attempt or connection. */
    private static String kind(String reason) {
        return reason.replaceAll("\\S*[0-9]\\S*", "#");
    }

    private static String withoutPeriod(String sentence) {
        return sentence.endsWith(".") ? sentence.substring(0, sentence.length() - 1) : sentence;
    }
}
