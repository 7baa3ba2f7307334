/** The files of a published version. */
@Internal
package io.rankstream.adapters.version;

import io.rankstream.adapters.api.Internal;
