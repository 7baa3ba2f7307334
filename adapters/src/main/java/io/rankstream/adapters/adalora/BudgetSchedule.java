package io.rankstream.adapters.adalora;

import java.io.Serializable;

/** Rank budget b(t) of an adapter and the steps at which triplets are masked. */
public sealed interface BudgetSchedule extends Serializable
        permits StreamingBudgetSchedule, FiniteBudgetSchedule, ConstantBudgetSchedule {

    /**
     * What the schedule asks for at one step.
     *
     * @param budget triplets allowed over all modules
     * @param mask whether triplets are pruned to the budget at this step
     * @param frozen whether importance is no longer updated, so that every mask from here on is the
     *     same
     */
    record Decision(int budget, boolean mask, boolean frozen) {}

    /**
     * Budget of one step.
     *
     * @param done what was completed before the step; the first call sees none
     * @param modules number of adapted modules n
     * @param initRank triplets a module starts with, so b⁰ = n · initRank
     */
    Decision at(Progress done, int modules, int initRank);
}
