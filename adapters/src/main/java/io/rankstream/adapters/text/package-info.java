/** Words that messages of every module have in common. */
@Internal
package io.rankstream.adapters.text;

import io.rankstream.adapters.api.Internal;
