package io.rankstream.adapters.state;

import java.util.Arrays;

/**
 * Which triplets an adapter may use. The array is never modified after construction.
 *
 * @param budget number of triplets allowed by the schedule at the last step
 * @param live per triplet, module after module, whether the last mask kept it; all true before the
 *     first mask
 * @param target triplets that a streaming schedule ends at, set for this adapter alone; {@value
 *     #OF_SCHEDULE} where it ends at its own
 * @param isOfFleet whether the fleet has set the target
 */
public record BudgetState(int budget, boolean[] live, int target, boolean isOfFleet) {

    /** Target of an adapter that none was set for. */
    public static final int OF_SCHEDULE = 0;

    /** A budget that follows the schedule. */
    public BudgetState(int budget, boolean[] live) {
        this(budget, live, OF_SCHEDULE);
    }

    /** A budget whose target is nobody's or a user's. */
    public BudgetState(int budget, boolean[] live, int target) {
        this(budget, live, target, false);
    }

    /** The whole budget: every triplet lives. */
    public static BudgetState full(int triplets) {
        boolean[] live = new boolean[triplets];
        Arrays.fill(live, true);
        return new BudgetState(triplets, live);
    }

    /** The same with another target, or with that of its schedule. */
    public BudgetState withTarget(int otherTarget) {
        return new BudgetState(budget, live, otherTarget);
    }

    /** The same with a target that the fleet has set. */
    public BudgetState withTargetOfFleet(int otherTarget) {
        return new BudgetState(budget, live, otherTarget, true);
    }

    /** The budget after a step, with the target that it has. */
    public BudgetState next(int nextBudget, boolean[] nextLive) {
        return new BudgetState(nextBudget, nextLive, target, isOfFleet);
    }

    /** Whether a user has set the target. */
    public boolean isPinned() {
        return target != OF_SCHEDULE && !isOfFleet;
    }

    /**
     * Requires that a mask can be set by it.
     *
     * @throws IllegalArgumentException if none can
     */
    public void requireSound() {
        if (Math.min(budget, target) < 0 || Math.max(budget, target) > live.length) {
            throw new IllegalArgumentException(
                    "a budget is %d triplets and ends at %d, expected 0 to %d"
                            .formatted(budget, target, live.length));
        }
    }

    /** Number of live triplets. */
    public int liveTriplets() {
        int count = 0;
        for (boolean alive : live) {
            if (alive) {
                count++;
            }
        }
        return count;
    }

    /** Live rank of each module, for {@code rank} triplets a module. */
    public int[] liveRanks(int rank) {
        int[] ranks = new int[live.length / rank];
        for (int i = 0; i < live.length; i++) {
            if (live[i]) {
                ranks[i / rank]++;
            }
        }
        return ranks;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof BudgetState that
                && budget == that.budget
                && target == that.target
                && isOfFleet == that.isOfFleet
                && Arrays.equals(live, that.live);
    }

    @Override
    public int hashCode() {
        return 31 * (31 * budget + target) + Arrays.hashCode(live);
    }
}
