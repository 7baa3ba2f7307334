package io.rankstream.adapters.adalora;

/**
 * Schedule of an endless stream: b⁰ during the warm-up, the paper's cubic ramp (eq. 12) down to bᵀ,
 * then steady for ever. Importance is updated at every step and triplets compete anew at every
 * mask, so pruned ones may return.
 *
 * @param warmupSteps steps at the initial budget
 * @param rampSteps steps of the cubic ramp
 * @param maskInterval ΔT, steps between masks
 * @param targetRank average rank of a module after the ramp, so bᵀ = n · targetRank
 */
public record StreamingBudgetSchedule(
        long warmupSteps, long rampSteps, int maskInterval, int targetRank)
        implements BudgetSchedule {

    @Override
    public Decision at(long step, int modules, int initRank) {
        return towards(step, modules * initRank, modules * targetRank);
    }

    /**
     * Budget of one step on the way to another end than {@link #targetRank}.
     *
     * @param step completed optimizer steps
     * @param initial triplets at the start, b⁰
     * @param target triplets after the ramp, bᵀ; at most {@code initial}
     */
    public Decision towards(long step, int initial, int target) {
        if (step <= warmupSteps) {
            return new Decision(initial, false, false);
        }
        boolean mask = step % maskInterval == 0;
        if (step >= warmupSteps + rampSteps) {
            return new Decision(target, mask, false);
        }
        return new Decision(
                CubicRamp.budget(step - warmupSteps, rampSteps, initial, target), mask, false);
    }
}
