package io.rankstream.job.loop.account;

import io.rankstream.job.loop.select.SelectionAccount;

/**
 * What the loop keeps of an adapter and looks at with every input and vote.
 *
 * @param time time of its stream
 * @param expiring when entries expire
 * @param forgetting when entries are forgotten
 * @param parked entries whose input has not come
 * @param openRequests requests that wait for answers
 * @param requests requests that were made
 * @param selection what selection knows of it
 * @param toldHour hour of the stream's time, since the epoch, up to which quality was told
 * @param annotators annotators that are counted
 * @param agreement how often they say the same
 */
public record Account(
        StreamTime time,
        DeadlineQueue expiring,
        DeadlineQueue forgetting,
        long parked,
        long openRequests,
        long requests,
        SelectionAccount selection,
        long toldHour,
        int annotators,
        Agreement agreement) {

    /** Of an adapter that nothing was heard of. */
    public static final Account NEW =
            new Account(
                    StreamTime.BEFORE,
                    DeadlineQueue.EMPTY,
                    DeadlineQueue.EMPTY,
                    0,
                    0,
                    0,
                    SelectionAccount.NONE,
                    Long.MIN_VALUE,
                    0,
                    Agreement.NONE);
}
