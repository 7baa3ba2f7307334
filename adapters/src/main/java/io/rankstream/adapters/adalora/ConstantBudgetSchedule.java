package io.rankstream.adapters.adalora;

/** Every triplet for ever: b⁰, never a mask, and no importance to keep. */
public record ConstantBudgetSchedule() implements BudgetSchedule {

    @Override
    public Decision at(Progress done, int modules, int initRank) {
        return new Decision(modules * initRank, false, true);
    }
}
