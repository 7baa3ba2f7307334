/**
 * How much of what an adapter knew it still knows. Some examples are withheld: never learned from,
 * kept with the period of the stream in which they came, and asked again whenever a period ends.
 * Arrays alone: no device, no model.
 *
 * <p>Which examples are withheld is drawn from what is read of them, so that equal texts are either
 * all learned or never. {@link io.rankstream.adapters.probe.Probes} keeps those of one adapter.
 */
@Internal
package io.rankstream.adapters.probe;

import io.rankstream.adapters.api.Internal;
