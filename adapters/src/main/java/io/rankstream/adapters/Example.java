package io.rankstream.adapters;

/**
 * A text and what it is.
 *
 * @param text any text; what exceeds the model's token limit is cut
 * @param label one of the adapter's labels
 */
public record Example(String text, String label) {}
