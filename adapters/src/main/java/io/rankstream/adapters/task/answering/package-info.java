/**
 * Extractive question answering, as on SQuAD: where in a passage the answer to a question is, if it
 * is there.
 */
@Internal
package io.rankstream.adapters.task.answering;

import io.rankstream.adapters.api.Internal;
