package io.rankstream.ops.dlq;

import io.rankstream.schemas.DeadLetter;
import io.rankstream.schemas.Digest;
import java.nio.ByteBuffer;
import java.time.Instant;

/**
 * A dead letter as it lies on its topic.
 *
 * @param letter the letter
 * @param partition its own partition, not that of the refused record
 * @param offset its own offset
 * @param written when it was written
 */
public record StoredLetter(DeadLetter letter, int partition, long offset, Instant written) {

    /** Whether it holds the beginning of its record alone. */
    public boolean isCut() {
        return letter.getWholeKey() != null
                || letter.getWholeValue() != null
                || letter.getHeadersLeftOut() > 0;
    }

    /** Bytes of the record's key, also where the letter holds fewer; null where there was none. */
    Integer keyBytes() {
        return size(letter.getKey(), letter.getWholeKey());
    }

    /** Bytes of the record's value, as those of the key. */
    Integer valueBytes() {
        return size(letter.getValue(), letter.getWholeValue());
    }

    private static Integer size(ByteBuffer kept, Digest whole) {
        if (kept == null) {
            return null;
        }
        return whole == null ? kept.remaining() : whole.getLength();
    }

    /** Where the refused record lay. */
    public Origin origin() {
        return Origin.of(letter);
    }
}
