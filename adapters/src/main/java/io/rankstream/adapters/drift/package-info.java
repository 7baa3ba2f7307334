/**
 * How an adapter notices that its stream has changed for the worse, and what it does then. Arrays
 * alone: no device, no model.
 *
 * <p>One thing is watched: whether an example is a <b>surprise</b>. Of a classification, that is a
 * wrong prediction; of a task of numbers, a loss above nine tenths of those before. A detector
 * raises an alarm where surprises have become more frequent than by chance they would once in an
 * expected number of examples ({@link io.rankstream.adapters.drift.detector}).
 *
 * <p>{@link io.rankstream.adapters.drift.DriftWatch} keeps all that for one adapter. After an
 * alarm, it makes the online voices of a mixture learn as quickly as they did at first, and lets
 * the online head learn the newest examples more than once ({@link
 * io.rankstream.adapters.drift.Relearning}).
 *
 * <p>Everything is counted in the order of the examples with {@link java.lang.StrictMath}, so equal
 * examples give equal bits on every machine.
 */
@Internal
package io.rankstream.adapters.drift;

import io.rankstream.adapters.api.Internal;
