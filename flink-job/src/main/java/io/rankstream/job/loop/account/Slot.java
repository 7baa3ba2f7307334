package io.rankstream.job.loop.account;

/**
 * A place in a queue of deadlines.
 *
 * @param dueAt time of the stream from which on the entry is looked at
 * @param exampleId the entry
 */
public record Slot(long dueAt, String exampleId) {}
