package io.rankstream.adapters.fleet;

/**
 * An adapter that shares the fleet's budget.
 *
 * @param importance of its triplets
 * @param weight how much its importances count, above 0
 * @param initial triplets that it started with, and the most that it can have
 */
public record FleetMember(ImportanceHistogram importance, double weight, int initial) {

    /** Its triplets above a place that all importances, times their weights, share. */
    double above(double place) {
        return importance.above(place - ImportanceHistogram.shift(weight));
    }
}
