/**
 * A step, the passes that it takes, bundles of adapters. The parts of a pass see each other alone,
 * so they share a package.
 */
@Internal
package io.rankstream.adapters.training;

import io.rankstream.adapters.api.Internal;
