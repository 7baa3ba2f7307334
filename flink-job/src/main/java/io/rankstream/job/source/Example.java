package io.rankstream.job.source;

/**
 * A labeled example that was decoded from the stream.
 *
 * @param id id given by the producer
 * @param adapterId adapter that shall learn from it; a valid {@link
 *     io.rankstream.adapters.state.AdapterId}
 * @param text text to classify
 * @param label name of the true label
 * @param eventTime milliseconds since the epoch, as given by the producer
 * @param origin the record it was decoded from, kept for a dead letter
 */
public record Example(
        String id, String adapterId, String text, String label, long eventTime, RawRecord origin) {}
