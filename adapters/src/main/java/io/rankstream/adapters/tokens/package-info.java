/** Texts as token ids. */
@Internal
package io.rankstream.adapters.tokens;

import io.rankstream.adapters.api.Internal;
