package io.rankstream.ops.fault;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** Waits for what other processes do: it asks again and again, up to a limit. */
public final class Await {

    /** Longer than anything takes on a machine that is busy with other things. */
    public static final Duration LIMIT = Duration.ofMinutes(5);

    private static final Duration INTERVAL = Duration.ofMillis(20);

    private Await() {}

    /** Says whether it has happened; an exception counts as not yet. */
    public interface Probe {
        boolean happened() throws Exception;
    }

    /**
     * Waits until something has happened.
     *
     * @param what completes "waited in vain until"
     * @throws AssertionError if it does not happen within {@link #LIMIT}
     */
    public static void until(String what, Probe probe) throws InterruptedException {
        Exception last = new Exception("every answer was no");
        if (!happens(LIMIT, probe)) {
            try {
                probe.happened();
            } catch (InterruptedException e) {
                throw e;
            } catch (Exception e) {
                last = e;
            }
            throw new AssertionError(
                    "waited in vain for %d s until %s".formatted(LIMIT.toSeconds(), what), last);
        }
    }

    /** Whether something happens within a limit. */
    public static boolean happens(Duration limit, Probe probe) throws InterruptedException {
        long start = System.nanoTime();
        while (System.nanoTime() - start < limit.toNanos()) {
            try {
                if (probe.happened()) {
                    return true;
                }
            } catch (InterruptedException e) {
                throw e;
            } catch (Exception e) {
                // Whoever is asked may be down at the moment: that is what these tests are about.
            }
            LockSupport.parkNanos(INTERVAL.toNanos());
        }
        return false;
    }
}
