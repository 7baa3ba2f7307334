package io.rankstream.ops.labelstudio;

import io.rankstream.schemas.LabelOutcome;
import io.rankstream.schemas.LabelRequest;
import java.util.List;

/** What people are asked, in order for each adapter, and what is settled. For use by one thread. */
interface LabelRequests extends AutoCloseable {

    /**
     * What has come.
     *
     * @param requests in order for each adapter
     * @param outcomes of these; one may come before its request
     */
    record Polled(List<LabelRequest> requests, List<LabelOutcome> outcomes) {}

    /**
     * What has come since the last call; waits a moment for it.
     *
     * @throws BridgeException if it cannot be read
     */
    Polled poll() throws BridgeException, InterruptedException;

    /** Whether nothing more is known to be there. */
    boolean isAtEnd();

    /**
     * Returns if the broker answers.
     *
     * @throws BridgeException if it does not
     */
    void check() throws BridgeException, InterruptedException;

    /** Whether others may have read some of it since the last call of this. */
    boolean hasChangedHands();

    /**
     * Says that all that was polled is done with.
     *
     * @throws BridgeException if that cannot be noted
     */
    void commit() throws BridgeException, InterruptedException;

    @Override
    void close();
}
