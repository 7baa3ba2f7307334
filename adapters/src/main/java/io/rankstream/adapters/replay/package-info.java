/**
 * Examples that an adapter keeps and learns from again, so that new ones do not make it forget old
 * ones. Arrays alone: no device, no model.
 *
 * <p>{@link io.rankstream.adapters.replay.ReplayBuffer} keeps a sample of every class, as large as
 * its bytes allow and all classes alike. A random number that belongs to an example's number in the
 * adapter's life decides what stays, so a class's examples are a uniform sample of all that came,
 * and equal streams keep equal examples.
 *
 * <p>After a change, {@link io.rankstream.adapters.replay.Meanings} finds the labels that mean
 * something else now, and what was kept of them from before leaves.
 */
@Internal
package io.rankstream.adapters.replay;

import io.rankstream.adapters.api.Internal;
