package io.rankstream.job.record;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Headers;

/** A record that may not be there whole. */
public abstract class PartialRecord extends ConsumerRecord<byte[], byte[]> {

    private final Unread unread;

    /**
     * What is there of {@code read}.
     *
     * @param headers those that are there
     * @param unread null if all of it is there
     */
    protected PartialRecord(ConsumerRecord<byte[], byte[]> read, Headers headers, Unread unread) {
        super(
                read.topic(),
                read.partition(),
                read.offset(),
                read.timestamp(),
                read.timestampType(),
                read.serializedKeySize(),
                read.serializedValueSize(),
                read.key(),
                read.value(),
                headers,
                read.leaderEpoch());
        this.unread = unread;
    }

    /** What is not there; null if all of it is. */
    public Unread unread() {
        return unread;
    }
}
