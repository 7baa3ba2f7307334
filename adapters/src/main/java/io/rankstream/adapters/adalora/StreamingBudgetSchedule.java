package io.rankstream.adapters.adalora;

/**
 * Schedule of an endless stream: b⁰ during the warm-up, the paper's cubic ramp (eq. 12) down to bᵀ,
 * then steady for ever. Importance is updated at every step and triplets compete anew at every
 * mask, so pruned ones may return.
 *
 * @param counted what warm-up and ramp are counted in
 * @param warmup length at the initial budget
 * @param ramp length of the cubic ramp
 * @param maskInterval ΔT, steps between masks
 * @param targetRank average rank of a module after the ramp, so bᵀ = n · targetRank
 */
public record StreamingBudgetSchedule(
        Counted counted, long warmup, long ramp, int maskInterval, int targetRank)
        implements BudgetSchedule {

    /** A schedule whose warm-up and ramp are counted in steps. */
    public StreamingBudgetSchedule(
            long warmupSteps, long rampSteps, int maskInterval, int targetRank) {
        this(Counted.STEPS, warmupSteps, rampSteps, maskInterval, targetRank);
    }

    @Override
    public Decision at(Progress done, int modules, int initRank) {
        return towards(done, modules * initRank, modules * targetRank);
    }

    /**
     * Budget of one step on the way to another end than {@link #targetRank}.
     *
     * @param done what was completed before the step
     * @param initial triplets at the start, b⁰
     * @param target triplets after the ramp, bᵀ; at most {@code initial}
     */
    public Decision towards(Progress done, int initial, int target) {
        long elapsed = done.in(counted);
        if (elapsed <= warmup) {
            return new Decision(initial, false, false);
        }
        boolean mask = done.steps() % maskInterval == 0;
        if (elapsed >= warmup + ramp) {
            return new Decision(target, mask, false);
        }
        return new Decision(CubicRamp.budget(elapsed - warmup, ramp, initial, target), mask, false);
    }
}
