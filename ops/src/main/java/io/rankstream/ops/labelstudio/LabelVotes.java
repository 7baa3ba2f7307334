package io.rankstream.ops.labelstudio;

import io.rankstream.schemas.LabelVote;
import java.util.List;

/** Where votes are written to. For use by one thread. */
interface LabelVotes extends AutoCloseable {

    /**
     * Writes votes, and returns when they are stored.
     *
     * @throws BridgeException if one of them may not be stored
     */
    void write(List<LabelVote> votes) throws BridgeException, InterruptedException;

    @Override
    void close();
}
