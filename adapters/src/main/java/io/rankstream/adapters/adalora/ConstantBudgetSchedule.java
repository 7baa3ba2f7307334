package io.rankstream.adapters.adalora;

import java.util.Map;

/** Every triplet for ever: b⁰, never a mask, and no importance to keep. */
public record ConstantBudgetSchedule() implements BudgetSchedule {

    @Override
    public Decision at(Progress done, int modules, int initRank) {
        return new Decision(modules * initRank, false, true);
    }

    @Override
    public boolean fits(int initRank) {
        return true;
    }

    @Override
    public Map<String, Object> described() {
        return Map.of("form", "constant");
    }

    @Override
    public <R, E extends Exception> R match(Cases<R, E> cases) throws E {
        return cases.constant();
    }
}
