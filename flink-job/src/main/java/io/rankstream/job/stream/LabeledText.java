package io.rankstream.job.stream;

/**
 * A text, what it is, and the adapter that shall learn it.
 *
 * @param id names the text in predictions and refusals
 * @param adapterId the adapter
 * @param text any text; what exceeds the model's token limit is cut
 * @param label one of the adapter's labels
 * @param eventTime milliseconds since the epoch; what the text is of, for whoever reads predictions
 */
public record LabeledText(String id, String adapterId, String text, String label, long eventTime) {}
