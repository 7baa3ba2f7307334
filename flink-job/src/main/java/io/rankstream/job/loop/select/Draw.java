package io.rankstream.job.loop.select;

/**
 * Whether a label is asked for.
 *
 * @param inclusionProbability that it was to be asked for, whatever the draw; 0 where it could not
 *     be
 * @param selected whether it is
 * @param uniform whether it is by the share that every input has alike
 * @param uniformProbability that it was to be by that share
 * @param utility of the label, over the mean of the adapter's newest inputs; 1 where nothing was
 *     predicted
 * @param account the adapter's, afterwards
 */
public record Draw(
        double inclusionProbability,
        boolean selected,
        boolean uniform,
        double uniformProbability,
        double utility,
        SelectionAccount account) {}
