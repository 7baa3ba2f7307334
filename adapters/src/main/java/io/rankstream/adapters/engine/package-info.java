/** Which libtorch a process computes with. */
@Internal
package io.rankstream.adapters.engine;

import io.rankstream.adapters.api.Internal;
