package io.rankstream.job.fleet;

import io.rankstream.adapters.fleet.FleetNeed;

/** What the fleet hears of an adapter. */
public sealed interface FleetNews {

    /** The adapter's id. */
    String adapterId();

    /** Its triplets have competed. */
    record Need(String adapterId, FleetNeed need) implements FleetNews {}

    /**
     * A command has set what its schedule ends at, or might have.
     *
     * @param triplets what that is now
     * @param isPinned whether somebody else than the fleet has set it
     * @param answersFleet whether the command was the fleet's
     */
    record Target(String adapterId, int triplets, boolean isPinned, boolean answersFleet)
            implements FleetNews {}

    /** A command of the fleet's was refused before it came to the adapter. */
    record Refused(String adapterId) implements FleetNews {}
}
