package io.rankstream.adapters.fleet;

/**
 * An adapter that shares the fleet's budget.
 *
 * @param importance of its triplets
 * @param initial triplets that it started with, and the most that it can have
 */
public record FleetMember(ImportanceHistogram importance, int initial) {}
