/** Names and other entities in a text, by a tag of every word. */
@Internal
package io.rankstream.adapters.task.tagging;

import io.rankstream.adapters.api.Internal;
