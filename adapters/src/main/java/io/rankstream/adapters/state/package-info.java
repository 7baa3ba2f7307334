/**
 * An adapter as a value on the host. {@link io.rankstream.adapters.state.AdapterState} is one, and
 * the others are its parts and what these are made of: that is why they share a package.
 */
@Internal
package io.rankstream.adapters.state;

import io.rankstream.adapters.api.Internal;
