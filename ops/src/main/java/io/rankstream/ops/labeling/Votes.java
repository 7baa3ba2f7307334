package io.rankstream.ops.labeling;

import io.rankstream.schemas.LabelVote;

/** Where votes go. */
@FunctionalInterface
interface Votes {

    /**
     * Writes a vote, and returns when it is stored. Thread-safe.
     *
     * @throws LabelingException if it is not known to be stored; it may be all the same
     */
    void write(LabelVote vote) throws LabelingException, InterruptedException;
}
