/** An adapter as a value on the host. */
@Internal
package io.rankstream.adapters.state;

import io.rankstream.adapters.api.Internal;
