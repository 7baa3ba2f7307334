/**
 * Texts as token ids. A tokenizer is made of several files, each of which may change what another
 * says, in ways that differ by its class, so they share a package.
 */
@Internal
package io.rankstream.adapters.tokens;

import io.rankstream.adapters.api.Internal;
