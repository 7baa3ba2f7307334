/** A step, the passes that it takes, bundles of adapters. */
@Internal
package io.rankstream.adapters.training;

import io.rankstream.adapters.api.Internal;
