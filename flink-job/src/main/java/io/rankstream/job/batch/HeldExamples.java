package io.rankstream.job.batch;

/**
 * A paused adapter.
 *
 * @param adapterId its id
 * @param examples examples that it holds until it is resumed
 */
public record HeldExamples(String adapterId, long examples) {}
