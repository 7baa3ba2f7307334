package io.rankstream.adapters.fleet;

/**
 * What an adapter tells the fleet where its triplets have competed.
 *
 * @param step its optimizer steps so far
 * @param examples that it has learned from so far
 * @param importance of its triplets
 * @param initial triplets that it started with
 * @param target triplets that its schedule ends at, as it is now
 * @param isPinned whether somebody else than the fleet has set that
 */
public record FleetNeed(
        long step,
        long examples,
        ImportanceHistogram importance,
        int initial,
        int target,
        boolean isPinned) {}
