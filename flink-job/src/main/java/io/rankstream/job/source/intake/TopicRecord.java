package io.rankstream.job.source.intake;

import io.rankstream.job.record.PartialRecord;
import io.rankstream.job.record.Unread;
import io.rankstream.schemas.Digest;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;

/** A record of a topic that was looked at after the record had been fetched. */
public final class TopicRecord extends PartialRecord {

    private final Uuid topicId;

    private TopicRecord(
            ConsumerRecord<byte[], byte[]> read, Headers headers, Unread unread, Uuid topicId) {
        super(read, headers, unread);
        this.topicId = topicId;
    }

    /** A record as its consumer has taken it in. */
    static TopicRecord of(ConsumerRecord<byte[], byte[]> read, Uuid topicId) {
        if (read instanceof UnreadRecord unread) {
            return new TopicRecord(read, read.headers(), unread.unread(), topicId);
        }
        Headers headers = new RecordHeaders(read.headers());
        Digest key =
                whole(headers, BoundedDeserializer.WHOLE_KEY, read.key(), read.serializedKeySize());
        Digest value =
                whole(
                        headers,
                        BoundedDeserializer.WHOLE_VALUE,
                        read.value(),
                        read.serializedValueSize());
        int headerBytes = Intake.bytes(headers);
        boolean withHeaders = headerBytes <= Intake.MOST_PART_BYTES;
        if (key == null && value == null && withHeaders) {
            return new TopicRecord(read, headers, null, topicId);
        }
        String why =
                "the record has %,d bytes of value, %,d of key and %,d of headers, unpacked, of which each may have %,d"
                        .formatted(
                                Math.max(0, read.serializedValueSize()),
                                Math.max(0, read.serializedKeySize()),
                                headerBytes,
                                Intake.MOST_PART_BYTES);
        return new TopicRecord(
                read,
                withHeaders ? headers : new RecordHeaders(),
                new Unread(why, key, value, withHeaders ? 0 : headers.toArray().length),
                topicId);
    }

    /** What identifies a part whose beginning alone was taken in; null where all of it was. */
    private static Digest whole(Headers headers, String name, byte[] taken, int size) {
        if (taken == null || taken.length == size) {
            return null;
        }
        String sha256 = new String(headers.lastHeader(name).value(), StandardCharsets.US_ASCII);
        headers.remove(name);
        return new Digest(size, sha256);
    }

    /** Id of its topic. */
    public Uuid topicId() {
        return topicId;
    }
}
