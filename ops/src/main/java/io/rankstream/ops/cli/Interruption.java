package io.rankstream.ops.cli;

import io.rankstream.ops.cli.log.TemporaryFiles;
import io.rankstream.ops.cli.option.ExitCode;
import java.io.PrintWriter;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Turns Ctrl-C and SIGTERM into an interrupt of the thread that works, so that it cleans up on its
 * normal way out, and ends the process when it has.
 */
final class Interruption {

    private static final long CLEAN_UP_LIMIT_SECONDS = 20;

    private final Thread worker;
    private final PrintWriter err;
    private final TemporaryFiles temporary;
    private final CountDownLatch finished = new CountDownLatch(1);
    private volatile boolean happened;

    private Interruption(Thread worker, PrintWriter err, TemporaryFiles temporary) {
        this.worker = worker;
        this.err = err;
        this.temporary = temporary;
    }

    /**
     * Watches over the current thread from now on.
     *
     * @param temporary removed even if the thread does not clean up in time
     */
    static Interruption watch(PrintWriter err, TemporaryFiles temporary) {
        Interruption interruption = new Interruption(Thread.currentThread(), err, temporary);
        Runtime.getRuntime()
                .addShutdownHook(new Thread(interruption::interruptWorker, "interruption"));
        return interruption;
    }

    /** Whether the process was asked to end. */
    boolean happened() {
        return happened;
    }

    /** Says that the work is over and cleaned up after. */
    void finished() {
        finished.countDown();
    }

    private void interruptWorker() {
        if (finished.getCount() == 0) {
            return;
        }
        happened = true;
        err.println();
        err.println("rankstream: interrupted, stopping");
        err.flush();
        worker.interrupt();
        try {
            if (!finished.await(CLEAN_UP_LIMIT_SECONDS, TimeUnit.SECONDS)) {
                err.println("rankstream: gave up cleaning up");
                err.flush();
                temporary.remove();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        Runtime.getRuntime().halt(ExitCode.INTERRUPTED);
    }
}
