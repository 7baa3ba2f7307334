/** What an adapter learns to say. {@link io.rankstream.adapters.task.Target} is for others too. */
@Internal
package io.rankstream.adapters.task;

import io.rankstream.adapters.api.Internal;
