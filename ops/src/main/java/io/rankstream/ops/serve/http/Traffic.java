package io.rankstream.ops.serve.http;

import java.time.Duration;

/** Requests that are being answered, and whether more are welcome. Thread-safe. */
final class Traffic {

    private int answering;
    private boolean ending;

    synchronized void begin() {
        answering++;
    }

    synchronized void end() {
        answering--;
        notifyAll();
    }

    /** From now on, a connection is closed behind its answer. */
    synchronized void endSoon() {
        ending = true;
    }

    synchronized boolean isEnding() {
        return ending;
    }

    synchronized int answering() {
        return answering;
    }

    /** Waits until nothing is being answered, or for {@code limit}. */
    synchronized void awaitEnd(Duration limit) throws InterruptedException {
        long end = System.nanoTime() + limit.toNanos();
        for (long left = limit.toMillis(); answering > 0 && left > 0; ) {
            wait(left);
            left = (end - System.nanoTime()) / 1_000_000;
        }
    }
}
