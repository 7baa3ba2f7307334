package io.rankstream.ops.http;

/** A request that a thread reads and answers, in the time that it has. Safe for several threads. */
public final class Turn {

    private final Thread thread = Thread.currentThread();
    private long since = System.nanoTime();
    private boolean arriving = true;
    private boolean limited = true;

    Turn() {}

    /** The request is there: from now on it is answered. */
    synchronized void arrived() {
        arriving = false;
        since = System.nanoTime();
    }

    /** From here on it may take the time of a request once more. */
    public synchronized void begin() {
        limited = true;
        since = System.nanoTime();
    }

    /** From here on it waits for this side, and may take any time. */
    public synchronized void pause() {
        limited = false;
    }

    /**
     * Its thread waits for the peer no more: where the JDK's server would still read what the peer
     * has not sent yet, the connection is closed instead. What was to be sent must be on its way.
     */
    void waitNoMore() {
        thread.interrupt();
    }

    /** Closes the connection that the thread waits for, if it has taken longer than it may. */
    synchronized void dropAfter(long nanos, long arrivingNanos) {
        if (limited && System.nanoTime() - since > (arriving ? arrivingNanos : nanos)) {
            thread.interrupt();
        }
    }

    /** The thread is free again, and not interrupted. */
    synchronized void end() {
        limited = false;
        Thread.interrupted();
    }
}
