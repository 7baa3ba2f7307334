package io.rankstream.ops.serve.version;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Versions that are ready to answer, bounded by their bytes. The least recently used leave; the
 * newest stays however large it is. One that leaves while it is used is freed when its last user
 * gives it back, so that nobody waits and nothing is answered by what is gone. Thread-safe; closing
 * a version happens outside of its lock.
 *
 * @param <A> a version that is ready to answer
 */
public final class Residents<A extends Resident> implements AutoCloseable {

    static final class Slot<A> {
        final A adapter;
        final long bytes;
        int users;
        boolean gone;

        Slot(A adapter, long bytes) {
            this.adapter = adapter;
            this.bytes = bytes;
        }
    }

    private final long capacity;

    /** Least recently used first. */
    private final Map<VersionId, Slot<A>> slots = new LinkedHashMap<>(16, 0.75f, true);

    private long bytes;
    private long evicted;

    /**
     * @param capacity bytes
     */
    public Residents(long capacity) {
        this.capacity = capacity;
    }

    /** A version that is here, to use. */
    Optional<Lease<A>> lease(VersionId id) {
        synchronized (this) {
            return Optional.ofNullable(slots.get(id)).map(this::leased);
        }
    }

    private Lease<A> leased(Slot<A> slot) {
        slot.users++;
        return new Lease<>(this, slot);
    }

    /**
     * What came of taking a version.
     *
     * @param leases one for each who waited
     * @param left what the caller closes, outside of any lock
     * @param <A> a version that is ready to answer
     */
    record Added<A extends Resident>(List<Lease<A>> leases, List<A> left) {

        void closeLeft() {
            left.forEach(Resident::close);
        }
    }

    /**
     * Takes a version, unless it is here already: then the given one is left.
     *
     * @param users who wait for it
     */
    Added<A> add(VersionId id, A adapter, int users) {
        List<A> left = new ArrayList<>();
        List<Lease<A>> leases = new ArrayList<>();
        synchronized (this) {
            Slot<A> slot = slots.get(id);
            if (slot == null) {
                slot = new Slot<>(adapter, adapter.bytes());
                slots.put(id, slot);
                bytes += slot.bytes;
            } else {
                left.add(adapter);
            }
            for (int i = 0; i < users; i++) {
                leases.add(leased(slot));
            }
            evictUntilTheBoundHolds(left);
        }
        return new Added<>(leases, left);
    }

    private void evictUntilTheBoundHolds(List<A> left) {
        Iterator<Slot<A>> eldestFirst = slots.values().iterator();
        while (bytes > capacity && slots.size() > 1) {
            Slot<A> eldest = eldestFirst.next();
            eldestFirst.remove();
            evicted++;
            leave(eldest, left);
        }
    }

    private void leave(Slot<A> slot, List<A> left) {
        bytes -= slot.bytes;
        slot.gone = true;
        if (slot.users == 0) {
            left.add(slot.adapter);
        }
    }

    /** Lets a version go that is not wanted any more. */
    void drop(VersionId id) {
        List<A> closing = new ArrayList<>();
        synchronized (this) {
            Slot<A> slot = slots.remove(id);
            if (slot != null) {
                leave(slot, closing);
            }
        }
        closing.forEach(Resident::close);
    }

    void release(Slot<A> slot) {
        synchronized (this) {
            slot.users--;
            if (slot.users > 0 || !slot.gone) {
                return;
            }
        }
        slot.adapter.close();
    }

    synchronized boolean contains(VersionId id) {
        return slots.containsKey(id);
    }

    /** Versions that are ready. */
    public synchronized int count() {
        return slots.size();
    }

    /** Bytes of those that are ready; one that has left and is used is not among them. */
    public synchronized long bytes() {
        return bytes;
    }

    /** Versions that had to leave so far, for others. */
    public synchronized long evicted() {
        return evicted;
    }

    /** Lets all go. */
    @Override
    public void close() {
        List<A> closing = new ArrayList<>();
        synchronized (this) {
            slots.values().forEach(slot -> leave(slot, closing));
            slots.clear();
        }
        closing.forEach(Resident::close);
    }
}
