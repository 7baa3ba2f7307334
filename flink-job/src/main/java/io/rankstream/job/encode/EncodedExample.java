package io.rankstream.job.encode;

import io.rankstream.adapters.training.TrainingExample;
import io.rankstream.job.source.RawRecord;

/**
 * An example as token ids, ready to be batched.
 *
 * @param id id given by the producer
 * @param adapterId adapter that shall learn from it
 * @param label name of the true label
 * @param eventTime milliseconds since the epoch, as given by the producer
 * @param content token ids and label index
 * @param origin the record it was decoded from, kept for a dead letter
 */
public record EncodedExample(
        String id,
        String adapterId,
        String label,
        long eventTime,
        TrainingExample content,
        RawRecord origin) {}
