package io.rankstream.job.train.measure;

import java.util.List;

/**
 * What an adapter was after a step, and what it was taken on.
 *
 * @param state the adapter, this step included
 * @param alarms alarms of drift that its examples raised
 * @param replayed kept examples that it learned from again
 * @param losses of each example before it was learned from
 * @param tokens of these examples, without padding
 * @param unknownTokens of them, those that stand for what the vocabulary does not have
 */
public record LearnedStep(
        MeasuredState state,
        int alarms,
        int replayed,
        List<Double> losses,
        int tokens,
        int unknownTokens) {}
