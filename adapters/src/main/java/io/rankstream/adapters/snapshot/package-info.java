/** The whole state of an adapter as one file. */
@Internal
package io.rankstream.adapters.snapshot;

import io.rankstream.adapters.api.Internal;
