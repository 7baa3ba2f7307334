package io.rankstream.adapters.drift.input;

/**
 * Inputs have become others, by what can be seen of them without a label. Inputs are counted as
 * long as they are watched, from 1, those with a label and those without.
 *
 * @param signal what has changed
 * @param input the one that raised it
 * @param beginning the first one after the change, as far as can be told
 * @param before share of unusual inputs before
 * @param since share of unusual inputs from {@code beginning} to {@code input}
 */
public record InputAlarm(
        InputSignal signal, long input, long beginning, double before, double since) {}
