/**
 * Tells when an adapter's stream has changed for the worse. Numbers alone: no device, no model, no
 * clock, no randomness.
 *
 * <p>What is watched of every example is a surprise, 0 or 1, found before the example is learned
 * from ({@link io.rankstream.adapters.drift.Watched}): a wrong prediction, a loss that is high
 * among the past ones, a confidence that is low among them. A {@link
 * io.rankstream.adapters.drift.DriftDetector} fires when surprises have become more frequent. Every
 * detector works on every kind of surprise. {@link io.rankstream.adapters.drift.DriftWatch} is the
 * two together, for one adapter, and {@link io.rankstream.adapters.drift.DriftState} is the same as
 * a value.
 *
 * <p>Everything is computed in the order of the examples, so equal examples give equal bits on
 * every machine, also when a state is restored between them.
 */
@Internal
package io.rankstream.adapters.drift;

import io.rankstream.adapters.api.Internal;
