package io.rankstream.adapters.fleet;

/**
 * What the fleet keeps of one adapter.
 *
 * @param need the newest one, but with the importance of those before in its own
 * @param wanted triplets by the last allocation; {@value #NONE} before its first
 * @param waiting triplets that it was asked to have, and has not said so yet; {@value #NONE} for
 *     none
 */
public record FleetAccount(FleetNeed need, int wanted, int waiting) {

    /** In place of a number of triplets. */
    public static final int NONE = 0;

    private static final double SHARE_OF_NEWEST_NEED = .25;

    /** The account of an adapter that was not known before. */
    public static FleetAccount opened(FleetNeed need) {
        return new FleetAccount(need, NONE, NONE);
    }

    /** The account after another need. */
    public FleetAccount after(FleetNeed newer) {
        ImportanceHistogram averaged =
                need.importance().mixedWith(newer.importance(), SHARE_OF_NEWEST_NEED);
        FleetNeed known =
                new FleetNeed(
                        newer.step(),
                        newer.examples(),
                        averaged,
                        newer.initial(),
                        newer.target(),
                        newer.isPinned());
        return new FleetAccount(known, wanted, waiting);
    }

    /**
     * The account after a command has set the adapter's target, or might have.
     *
     * @param target what that is now; where the fleet's own command was refused, it is content
     * @param isPinned whether somebody else than the fleet has set it
     * @param answersFleet whether the command was the fleet's
     */
    public FleetAccount withTarget(int target, boolean isPinned, boolean answersFleet) {
        FleetNeed known =
                new FleetNeed(
                        need.step(),
                        need.examples(),
                        need.importance(),
                        need.initial(),
                        target,
                        isPinned);
        boolean isRefused = answersFleet && target != waiting;
        return new FleetAccount(known, isRefused ? target : wanted, answersFleet ? NONE : waiting);
    }

    /** The account after the fleet's command was refused before it came to the adapter. */
    public FleetAccount refused() {
        return withTarget(need.target(), need.isPinned(), true);
    }

    FleetAccount wanting(int triplets) {
        return new FleetAccount(need, triplets, waiting);
    }

    /** The account after the adapter was asked for what is wanted. */
    FleetAccount asked() {
        return new FleetAccount(need, wanted, wanted);
    }

    /** Triplets that it should have more than now; 0 where it is not to be asked. */
    int change() {
        boolean isSettled = need.isPinned() || wanted == NONE || waiting != NONE;
        return isSettled ? 0 : wanted - need.target();
    }

    /** Triplets that are its own by the last allocation. */
    public int share() {
        return need.isPinned() ? need.target() : wanted;
    }

    /** Triplets that it has at most while it is waited for. */
    public int held() {
        return Math.max(need.target(), waiting);
    }
}
