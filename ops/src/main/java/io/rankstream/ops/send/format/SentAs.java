package io.rankstream.ops.send.format;

/**
 * What the records of a file are sent as.
 *
 * @param adapterId the adapter that learns from them, or predicts them
 * @param labeled whether they are examples, or inputs without a label
 */
public record SentAs(String adapterId, boolean labeled) {}
