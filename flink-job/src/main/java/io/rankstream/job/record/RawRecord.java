package io.rankstream.job.record;

import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.record.TimestampType;

/**
 * A Kafka record as it was read, before anything is known of its content. Arrays are never
 * modified.
 *
 * @param topic topic it came from
 * @param partition partition it came from
 * @param offset offset in that partition
 * @param key original key, or null
 * @param value original value, or null for a tombstone
 * @param headers original headers, in their order
 * @param timestamp milliseconds since the epoch; {@value #NO_TIMESTAMP} where there is none
 * @param timestampType whether the producer or the broker gave the timestamp
 * @param unread what is not there of a record that is too large; null where all of it is
 */
public record RawRecord(
        String topic,
        int partition,
        long offset,
        byte[] key,
        byte[] value,
        List<RawHeader> headers,
        long timestamp,
        TimestampType timestampType,
        Unread unread) {

    /** Timestamp of a record that has none. */
    public static final long NO_TIMESTAMP = ConsumerRecord.NO_TIMESTAMP;

    public RawRecord {
        headers = List.copyOf(headers);
    }

    /** A record that is there whole. */
    public RawRecord(
            String topic,
            int partition,
            long offset,
            byte[] key,
            byte[] value,
            List<RawHeader> headers,
            long timestamp,
            TimestampType timestampType) {
        this(topic, partition, offset, key, value, headers, timestamp, timestampType, null);
    }

    /** A record of which neither headers nor timestamp are known. */
    public RawRecord(String topic, int partition, long offset, byte[] key, byte[] value) {
        this(
                topic,
                partition,
                offset,
                key,
                value,
                List.of(),
                NO_TIMESTAMP,
                TimestampType.NO_TIMESTAMP_TYPE);
    }
}
