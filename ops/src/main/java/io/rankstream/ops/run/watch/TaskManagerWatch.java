package io.rankstream.ops.run.watch;

import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * Finds out that a cluster of this process has lost its TaskManager for good: nothing starts
 * another one, and a job would wait for it without end. One that was cut off for a moment, as when
 * the machine slept, comes back by itself. For use by one thread.
 */
public final class TaskManagerWatch {

    private static final long INTERVAL_MILLIS = 1_000;

    /** Looks in a row that find none, and it is gone for good. */
    public static final int MISSING = 20;

    private final Supplier<CompletableFuture<Integer>> question;
    private final int most;

    /** The newest question; null before the first. */
    private CompletableFuture<Integer> asked;

    private long askedAt;
    private int missing;

    /**
     * @param question asks how many TaskManagers the cluster has
     * @param most looks in a row that find none, and it is gone
     */
    public TaskManagerWatch(Supplier<CompletableFuture<Integer>> question, int most) {
        this.question = question;
        this.most = most;
    }

    /**
     * Whether the TaskManager is gone.
     *
     * @param now in milliseconds of a clock that only goes forward
     */
    public boolean isGone(long now) {
        if (asked != null && now - askedAt < INTERVAL_MILLIS) {
            return missing >= most;
        }
        if (asked != null) {
            missing = isThere(asked) ? 0 : missing + 1;
        }
        asked = question.get();
        askedAt = now;
        return missing >= most;
    }

    /** A cluster that does not answer has none either. */
    private static boolean isThere(CompletableFuture<Integer> asked) {
        return asked.isDone() && !asked.isCompletedExceptionally() && asked.join() > 0;
    }
}
