package io.rankstream.ops.dlq;

import io.rankstream.schemas.DeadLetter;

/**
 * Where a refused record lay. It names the record for good, however many letters tell of it.
 *
 * @param topic its topic
 * @param partition its partition
 * @param offset its offset in that partition
 */
public record Origin(String topic, int partition, long offset) {

    static Origin of(DeadLetter letter) {
        return new Origin(letter.getTopic(), letter.getPartition(), letter.getOffset());
    }

    /** The three with a slash between them, which no topic name has. */
    @Override
    public String toString() {
        return topic + "/" + partition + "/" + offset;
    }
}
