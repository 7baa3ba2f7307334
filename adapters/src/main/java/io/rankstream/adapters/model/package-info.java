/** Base models: families, their files, and what they compute. */
@Internal
package io.rankstream.adapters.model;

import io.rankstream.adapters.api.Internal;
