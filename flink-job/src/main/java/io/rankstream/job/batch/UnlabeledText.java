package io.rankstream.job.batch;

import io.rankstream.adapters.tokens.Tokens;
import io.rankstream.job.record.RawRecord;

/**
 * A text as token ids, of which no label is known.
 *
 * @param id id given by the producer
 * @param eventTime milliseconds since the epoch, as given by the producer
 * @param tokens token ids of the text
 * @param origin the record it was decoded from, kept for a dead letter
 */
public record UnlabeledText(String id, long eventTime, Tokens tokens, RawRecord origin) {}
