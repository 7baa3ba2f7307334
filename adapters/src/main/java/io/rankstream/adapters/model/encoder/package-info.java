/** What encoders of several builds have alike. */
@Internal
package io.rankstream.adapters.model.encoder;

import io.rankstream.adapters.api.Internal;
