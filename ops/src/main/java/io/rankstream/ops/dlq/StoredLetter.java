package io.rankstream.ops.dlq;

import io.rankstream.schemas.DeadLetter;
import java.time.Instant;

/**
 * A dead letter as it lies on its topic.
 *
 * @param letter the letter
 * @param partition its own partition, not that of the refused record
 * @param offset its own offset
 * @param written when it was written
 */
record StoredLetter(DeadLetter letter, int partition, long offset, Instant written) {

    /** Where the refused record lay. */
    Origin origin() {
        return Origin.of(letter);
    }
}
