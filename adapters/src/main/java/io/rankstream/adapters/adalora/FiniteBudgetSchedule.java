package io.rankstream.adapters.adalora;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The paper's schedule for a run of known length (eq. 12 and appendix A): b⁰ for the first steps, a
 * cubic ramp, then bᵀ with the live pattern fixed for the final steps. As in PEFT, the step that
 * ends the ramp fixes the pattern, by the importance of the step before and whether or not ΔT
 * divides it; the authors' code fixes the same pattern one step later unless ΔT does.
 *
 * @param totalSteps T
 * @param warmupSteps t_i, steps at the initial budget
 * @param finalSteps t_f, steps at the end with a fixed pattern
 * @param maskInterval ΔT, steps between masks
 * @param targetRank average rank of a module at the end, so bᵀ = n · targetRank
 */
public record FiniteBudgetSchedule(
        long totalSteps, long warmupSteps, long finalSteps, int maskInterval, int targetRank)
        implements BudgetSchedule {

    @Override
    public Decision at(Progress done, int modules, int initRank) {
        long step = done.steps();
        int initial = modules * initRank;
        int target = modules * targetRank;
        if (step <= warmupSteps) {
            return new Decision(initial, false, false);
        }
        if (step >= totalSteps - finalSteps) {
            return new Decision(target, true, true);
        }
        long rampSteps = totalSteps - finalSteps - warmupSteps;
        return new Decision(
                CubicRamp.budget(step - warmupSteps, rampSteps, initial, target),
                step % maskInterval == 0,
                false);
    }

    @Override
    public boolean fits(int initRank) {
        return targetRank <= initRank;
    }

    @Override
    public Map<String, Object> described() {
        Map<String, Object> described = new LinkedHashMap<>();
        described.put("form", "finite");
        described.put("totalSteps", totalSteps);
        described.put("warmupSteps", warmupSteps);
        described.put("finalSteps", finalSteps);
        described.put("maskInterval", maskInterval);
        described.put("targetRank", targetRank);
        return described;
    }

    @Override
    public <R, E extends Exception> R match(Cases<R, E> cases) throws E {
        return cases.finite(this);
    }
}
