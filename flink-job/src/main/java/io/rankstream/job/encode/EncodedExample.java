package io.rankstream.job.encode;

import io.rankstream.adapters.task.Target;
import io.rankstream.adapters.tokens.Tokens;
import io.rankstream.job.record.RawRecord;

/**
 * An example as token ids, ready to be batched.
 *
 * @param id id given by the producer
 * @param adapterId adapter that shall learn from it
 * @param target what is true of it; whether it fits is the trainer's matter, since the
 *     configuration may change while an example waits
 * @param eventTime milliseconds since the epoch, as given by the producer
 * @param uniform whether it tells of all inputs alike; false where its label was asked for because
 *     of what the adapter said
 * @param tokens token ids of the text
 * @param origin the record it was decoded from, kept for a dead letter
 */
public record EncodedExample(
        String id,
        String adapterId,
        Target target,
        long eventTime,
        boolean uniform,
        Tokens tokens,
        RawRecord origin) {

    /** One that was not selected. */
    public EncodedExample(
            String id,
            String adapterId,
            Target target,
            long eventTime,
            Tokens tokens,
            RawRecord origin) {
        this(id, adapterId, target, eventTime, true, tokens, origin);
    }
}
