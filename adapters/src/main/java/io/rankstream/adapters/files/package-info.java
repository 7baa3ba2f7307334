/** Files that are not what was expected: what downloads and copies leave, and broken text. */
@Internal
package io.rankstream.adapters.files;

import io.rankstream.adapters.api.Internal;
