package io.rankstream.job.train;

import io.rankstream.adapters.state.AdapterState;
import io.rankstream.adapters.training.ResidentAdapter;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Adapters that are ready to train, bounded by their bytes on the device. It is a write-behind
 * cache: what an adapter learned reaches keyed state when the adapter is flushed or evicted, not
 * before. The least recently used adapters are evicted; the newest stays however large it is, and
 * so do those that are held.
 *
 * <p>Confined to the task's thread. It owns the adapters it holds and closes them.
 */
final class AdapterCache implements AutoCloseable {

    /** Puts a changed adapter where it survives its eviction. */
    @FunctionalInterface
    interface WriteBack {
        void write(String adapterId, AdapterState state) throws Exception;
    }

    private static final class Slot {
        final ResidentAdapter adapter;
        final long bytes;
        boolean dirty;
        boolean held;

        Slot(ResidentAdapter adapter) {
            this.adapter = adapter;
            this.bytes = adapter.bytes();
        }
    }

    private final long capacity;
    private final WriteBack writeBack;

    /** Least recently used first. */
    private final Map<String, Slot> slots = new LinkedHashMap<>(16, 0.75f, true);

    private long bytes;

    /**
     * @param capacity bytes on the device
     * @param writeBack called for each changed adapter, under any current key
     */
    AdapterCache(long capacity, WriteBack writeBack) {
        this.capacity = capacity;
        this.writeBack = writeBack;
    }

    /** The adapter if it is here; it becomes the most recently used. */
    Optional<ResidentAdapter> get(String adapterId) {
        return Optional.ofNullable(slots.get(adapterId)).map(slot -> slot.adapter);
    }

    boolean contains(String adapterId) {
        return slots.containsKey(adapterId);
    }

    /** Takes an adapter that is not here yet, and evicts others until the bound holds. */
    void add(String adapterId, ResidentAdapter adapter) throws Exception {
        Slot slot = new Slot(adapter);
        slots.put(adapterId, slot);
        bytes += slot.bytes;
        evictUntilTheBoundHolds();
    }

    /** Keeps an adapter that is here from being evicted until all are let go. */
    void hold(String adapterId) {
        slots.get(adapterId).held = true;
    }

    /** Evicts as before those that were held. */
    void letGo() throws Exception {
        slots.values().forEach(slot -> slot.held = false);
        evictUntilTheBoundHolds();
    }

    /** Whether the bound is broken, because nothing is left that may be evicted. */
    boolean isOverfull() {
        return bytes > capacity;
    }

    /** Closes an adapter that is here, unwritten changes and all. */
    void discard(String adapterId) {
        Slot slot = slots.remove(adapterId);
        if (slot != null) {
            bytes -= slot.bytes;
            slot.adapter.close();
        }
    }

    /** Notes that an adapter that is here differs from what was written back. */
    void markDirty(String adapterId) {
        slots.get(adapterId).dirty = true;
    }

    /** Whether an adapter that is here differs from what was written back. */
    boolean isDirty(String adapterId) {
        return slots.get(adapterId).dirty;
    }

    /** Writes every changed adapter back; all stay. */
    void flush() throws Exception {
        for (Map.Entry<String, Slot> entry : slots.entrySet()) {
            writeBack(entry.getKey(), entry.getValue());
        }
    }

    int size() {
        return slots.size();
    }

    long bytes() {
        return bytes;
    }

    /** Frees the device memory of every adapter; unwritten changes are lost. */
    @Override
    public void close() {
        slots.values().forEach(slot -> slot.adapter.close());
        slots.clear();
        bytes = 0;
    }

    private void evictUntilTheBoundHolds() throws Exception {
        Iterator<Map.Entry<String, Slot>> eldestFirst = slots.entrySet().iterator();
        for (int others = slots.size() - 1; others > 0 && bytes > capacity; others--) {
            Map.Entry<String, Slot> next = eldestFirst.next();
            if (!next.getValue().held) {
                writeBack(next.getKey(), next.getValue());
                eldestFirst.remove();
                bytes -= next.getValue().bytes;
                next.getValue().adapter.close();
            }
        }
    }

    private void writeBack(String adapterId, Slot slot) throws Exception {
        if (slot.dirty) {
            writeBack.write(adapterId, slot.adapter.capture());
            slot.dirty = false;
        }
    }
}
