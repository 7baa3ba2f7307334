package io.rankstream.adapters.training;

import io.rankstream.adapters.drift.DriftAlarm;

/**
 * An alarm that an example of a step raised.
 *
 * @param position of the example among those that the step learned from
 * @param alarm what was noticed
 */
public record StepAlarm(int position, DriftAlarm alarm) {}
