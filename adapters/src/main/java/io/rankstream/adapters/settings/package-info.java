/** What an adapter is created with and learns by. */
@Internal
package io.rankstream.adapters.settings;

import io.rankstream.adapters.api.Internal;
