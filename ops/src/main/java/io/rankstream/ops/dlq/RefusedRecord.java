package io.rankstream.ops.dlq;

import io.rankstream.schemas.DeadLetter;
import java.time.Instant;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;

/**
 * A record that was refused, all of it. Arrays are never modified.
 *
 * @param key its key, or null
 * @param value its value, or null
 * @param headers its headers, in their order
 * @param timestamp milliseconds since the epoch; null where it is not known
 */
public record RefusedRecord(byte[] key, byte[] value, List<Header> headers, Long timestamp) {

    public RefusedRecord {
        headers = List.copyOf(headers);
    }

    /** The record in a letter that holds all of it. */
    public static RefusedRecord in(DeadLetter letter) {
        Instant timestamp = letter.getTimestamp();
        return new RefusedRecord(
                LetterBytes.of(letter.getKey()),
                LetterBytes.of(letter.getValue()),
                letter.getHeaders().stream().map(RefusedRecord::header).toList(),
                timestamp == null ? null : timestamp.toEpochMilli());
    }

    /** A record as it lies on its topic. */
    public static RefusedRecord of(ConsumerRecord<byte[], byte[]> read) {
        return new RefusedRecord(
                read.key(),
                read.value(),
                List.of(read.headers().toArray()),
                read.timestamp() == ConsumerRecord.NO_TIMESTAMP ? null : read.timestamp());
    }

    private static Header header(io.rankstream.schemas.RecordHeader kept) {
        return new RecordHeader(kept.getKey(), LetterBytes.of(kept.getValue()));
    }
}
