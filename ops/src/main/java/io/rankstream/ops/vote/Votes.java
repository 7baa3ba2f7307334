package io.rankstream.ops.vote;

import io.rankstream.schemas.LabelVote;
import java.util.List;

/** Where votes go. */
@FunctionalInterface
public interface Votes extends AutoCloseable {

    /**
     * Writes votes, and returns when all are stored. Thread-safe.
     *
     * @throws VotesException if one of them is not known to be stored; each may be all the same
     */
    void write(List<LabelVote> votes) throws VotesException, InterruptedException;

    @Override
    default void close() {}
}
