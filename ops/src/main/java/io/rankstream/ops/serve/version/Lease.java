package io.rankstream.ops.serve.version;

/**
 * The right to use a version that is ready, until this is closed; it is given back once. What
 * leaves meanwhile is freed then.
 *
 * @param <A> a version that is ready to answer
 */
public final class Lease<A extends Resident> implements AutoCloseable {

    private final Residents<A> residents;
    private final Residents.Slot<A> slot;
    private boolean closed;

    Lease(Residents<A> residents, Residents.Slot<A> slot) {
        this.residents = residents;
        this.slot = slot;
    }

    public A adapter() {
        return slot.adapter;
    }

    /** Does nothing the second time. */
    @Override
    public void close() {
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
        }
        residents.release(slot);
    }
}
