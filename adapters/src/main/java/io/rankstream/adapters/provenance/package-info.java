/** Where a version comes from. */
@Internal
package io.rankstream.adapters.provenance;

import io.rankstream.adapters.api.Internal;
