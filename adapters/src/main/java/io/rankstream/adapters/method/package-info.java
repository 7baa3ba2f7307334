/** What an adapter learns beside its head. */
@Internal
package io.rankstream.adapters.method;

import io.rankstream.adapters.api.Internal;
