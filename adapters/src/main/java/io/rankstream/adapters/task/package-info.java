/**
 * What an adapter learns to say. {@link io.rankstream.adapters.task.Target} is for others too.
 *
 * <p>A task is asked for its head, its fit, its score and what is told of it, each a type that both
 * tasks implement or use: that is why they share a package.
 */
@Internal
package io.rankstream.adapters.task;

import io.rankstream.adapters.api.Internal;
