/**
 * Tensors, operations, products and threads: libtorch is driven from here alone. What loads it and
 * what computes with it see each other's inside, so they share a package.
 */
@Internal
package io.rankstream.adapters.engine;

import io.rankstream.adapters.api.Internal;
