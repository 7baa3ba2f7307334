package io.rankstream.adapters.adalora;

import java.io.Serializable;
import java.util.Map;

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

    /** Whether one adapter can be given another end than the schedule's. */
    default boolean takesTarget() {
        return false;
    }

    /**
     * Budget of one step on the way to another end; of a schedule that takes none, its own.
     *
     * @param target triplets at the end, at most those at the start
     * @param done what was completed before the step
     * @param modules number of adapted modules n
     * @param initRank triplets a module starts with
     */
    default Decision towards(int target, Progress done, int modules, int initRank) {
        return at(done, modules, initRank);
    }

    /** Whether it ends at no more than a module starts with. */
    boolean fits(int initRank);

    /** Its form and numbers by the names that published files give them, in order. */
    Map<String, Object> described();

    /**
     * What is done with a schedule of each form.
     *
     * @param <R> what comes of it
     * @param <E> what may go wrong
     */
    interface Cases<R, E extends Exception> {

        /** Of the endless stream. */
        R streaming(StreamingBudgetSchedule schedule) throws E;

        /** Of a run of known length. */
        R finite(FiniteBudgetSchedule schedule) throws E;

        /** Without any pruning. */
        R constant() throws E;
    }

    /** Does what {@code cases} does with a schedule of this form. */
    <R, E extends Exception> R match(Cases<R, E> cases) throws E;
}
