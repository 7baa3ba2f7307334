/** What differs between two states of adapters. */
@Internal
package io.rankstream.adapters.comparison;

import io.rankstream.adapters.api.Internal;
