/**
 * How an adapter notices that its inputs have become others, with or without labels: by how sure it
 * is, and by where the vectors lie that its heads read. Arrays alone, some kilobytes an adapter.
 */
@Internal
package io.rankstream.adapters.drift.input;

import io.rankstream.adapters.api.Internal;
