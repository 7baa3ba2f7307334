package io.rankstream.job.encode;

import io.rankstream.adapters.tokens.Tokens;
import io.rankstream.job.source.RawRecord;

/**
 * An example as token ids, ready to be batched.
 *
 * @param id id given by the producer
 * @param adapterId adapter that shall learn from it
 * @param label name of the true label; its index is the trainer's matter, since the configuration
 *     may change while an example waits
 * @param eventTime milliseconds since the epoch, as given by the producer
 * @param tokens token ids of the text
 * @param origin the record it was decoded from, kept for a dead letter
 */
public record EncodedExample(
        String id,
        String adapterId,
        String label,
        long eventTime,
        Tokens tokens,
        RawRecord origin) {}
