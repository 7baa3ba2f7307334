/** Files of tensors. */
@Internal
package io.rankstream.adapters.weights;

import io.rankstream.adapters.api.Internal;
