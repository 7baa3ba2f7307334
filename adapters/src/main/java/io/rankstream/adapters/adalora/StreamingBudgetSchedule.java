package io.rankstream.adapters.adalora;

import java.util.LinkedHashMap;
import java.util.Map;

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

    /** The same with a lower end, where it is above {@code rank}. */
    public StreamingBudgetSchedule withTargetOfAtMost(int rank) {
        return new StreamingBudgetSchedule(
                counted, warmup, ramp, maskInterval, Math.min(targetRank, rank));
    }

    @Override
    public Decision at(Progress done, int modules, int initRank) {
        return towards(modules * targetRank, done, modules, initRank);
    }

    @Override
    public boolean takesTarget() {
        return true;
    }

    @Override
    public Decision towards(int target, Progress done, int modules, int initRank) {
        int initial = modules * initRank;
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

    @Override
    public boolean fits(int initRank) {
        return targetRank <= initRank;
    }

    @Override
    public Map<String, Object> described() {
        Map<String, Object> described = new LinkedHashMap<>();
        described.put("form", "streaming");
        described.put("warmup" + counted.suffix(), warmup);
        described.put("ramp" + counted.suffix(), ramp);
        described.put("maskInterval", maskInterval);
        described.put("targetRank", targetRank);
        return described;
    }

    @Override
    public <R, E extends Exception> R match(Cases<R, E> cases) throws E {
        return cases.streaming(this);
    }
}
