package io.rankstream.job.config.settings;

import java.io.Serializable;

/**
 * The rank budget that all adapters share.
 *
 * @param triplets of all of them
 * @param intervalExamples examples, of all of them, between two allocations
 */
public record FleetSettings(int triplets, int intervalExamples) implements Serializable {}
