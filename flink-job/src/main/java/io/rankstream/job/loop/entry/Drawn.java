package io.rankstream.job.loop.entry;

/**
 * Whether a label is asked for.
 *
 * @param selected whether it is
 * @param probability with which it is, from 0 to 1
 * @param uniform whether it was drawn by the share that every input has
 * @param utility of the label, over the mean of the adapter's inputs by then
 */
public record Drawn(boolean selected, double probability, boolean uniform, double utility) {}
