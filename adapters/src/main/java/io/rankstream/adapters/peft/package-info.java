/** PEFT's directories, in and out. */
@Internal
package io.rankstream.adapters.peft;

import io.rankstream.adapters.api.Internal;
