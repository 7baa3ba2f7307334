package io.rankstream.adapters.drift;

/**
 * A change that a detector has found just now.
 *
 * @param examples since it began by the detector's estimate, the newest one among them
 * @param before rate of surprises before it
 * @param since rate of surprises in these examples
 */
public record Change(long examples, double before, double since) {}
