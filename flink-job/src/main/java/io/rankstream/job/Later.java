package io.rankstream.job;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Runs something later. */
@FunctionalInterface
public interface Later {

    void run(Duration delay, Runnable task);

    /** By the system's time, in a thread of the JVM's own. */
    static Later system() {
        return (delay, task) ->
                CompletableFuture.delayedExecutor(delay.toMillis(), TimeUnit.MILLISECONDS)
                        .execute(task);
    }
}
