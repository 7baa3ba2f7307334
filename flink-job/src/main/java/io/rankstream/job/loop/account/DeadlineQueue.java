package io.rankstream.job.loop.account;

/**
 * Ends of a queue of {@link Slot}s in state. Deadlines of a kind are a constant time after the
 * stream's, which only rises: so the next one that is due is the first in the queue, and neither
 * timers nor sorted buckets are needed. One that was put off after a jump of the time may wait
 * behind later ones, for no longer than that constant time.
 *
 * @param first number of the first slot
 * @param next number of the next slot that is added
 * @param dueAt when the first slot is due; {@link Long#MAX_VALUE} where there is none
 */
public record DeadlineQueue(long first, long next, long dueAt) {

    /** Without a slot. */
    public static final DeadlineQueue EMPTY = new DeadlineQueue(0, 0, Long.MAX_VALUE);

    public boolean isEmpty() {
        return first == next;
    }

    /** Slots in it. */
    public long size() {
        return next - first;
    }

    /** The same with a slot more, of number {@link #next}. */
    public DeadlineQueue added(long due) {
        return new DeadlineQueue(first, next + 1, isEmpty() ? due : dueAt);
    }

    /**
     * The same without the first slot.
     *
     * @param nextDue when the one after it is due; {@link Long#MAX_VALUE} where there is none
     */
    public DeadlineQueue removed(long nextDue) {
        return new DeadlineQueue(first + 1, next, nextDue);
    }
}
