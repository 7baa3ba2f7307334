package io.rankstream.job.train.measure;

import io.rankstream.adapters.state.AdapterMeta;
import io.rankstream.adapters.state.BudgetState;
import java.util.List;

/**
 * What an adapter was after a step, and what it was taken on.
 *
 * @param meta progress, this step included
 * @param budget live triplets after the step
 * @param losses of each example before it was learned from
 * @param tokens of these examples, without padding
 * @param unknownTokens of them, those that stand for what the vocabulary does not have
 */
public record LearnedStep(
        AdapterMeta meta, BudgetState budget, List<Double> losses, int tokens, int unknownTokens) {}
