package io.rankstream.adapters.training;

import io.rankstream.adapters.drift.input.InputAlarm;

/**
 * An alarm that an input raised, by what can be seen of it without a label.
 *
 * @param position of the input among those of the step, or among the texts that were predicted
 * @param alarm what was noticed
 */
public record StepInputAlarm(int position, InputAlarm alarm) {}
