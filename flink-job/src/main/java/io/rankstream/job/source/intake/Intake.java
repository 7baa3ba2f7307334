package io.rankstream.job.source.intake;

import io.rankstream.adapters.weights.Sha256;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;

/**
 * What a consumer takes in: a bounded number of bytes at a time, and of each record a bounded part.
 * Compression lets a record of some kilobytes unpack to a gigabyte. For use by the consumer's
 * thread.
 */
public class Intake {

    /** Option of a consumer under which its parts find this. */
    static final String OPTION = "rankstream.intake";

    /** Bytes of a record's key, value or headers; what has more is not learned from. */
    public static final int MOST_PART_BYTES = 16 << 20;

    /** What is kept of a key or value that has more. */
    public static final int KEPT_BYTES = 64 << 10;

    /** Bytes after which a consumer hands over what it has. */
    private static final long MOST_BYTES = 64L << 20;

    private final Map<TopicPartition, Long> positions = new HashMap<>();
    private long taken;

    /** The consumer has as much as it may take in at a time. */
    private static final class FullException extends SerializationException {

        private static final long serialVersionUID = 1L;

        FullException() {
            super("no more records are taken in at a time; these are handed over first");
        }
    }

    /** Options of a consumer that hands all to this. */
    public Properties of(Properties consumer) {
        Properties bounded = new Properties();
        bounded.putAll(consumer);
        bounded.put(OPTION, this);
        for (String deserializer :
                List.of(
                        ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG,
                        ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG)) {
            bounded.put(deserializer, BoundedDeserializer.class.getName());
        }
        bounded.merge(
                ConsumerConfig.INTERCEPTOR_CLASSES_CONFIG,
                NotedPositions.class.getName(),
                (others, own) -> others + "," + own);
        return bounded;
    }

    /** From here on, records are taken in anew. */
    public void begin() {
        taken = 0;
    }

    /** Notes where a partition is read on. */
    public void readOnAt(TopicPartition partition, long offset) {
        positions.put(partition, offset);
    }

    /**
     * Where each partition is read on, behind what the consumer has handed over; less than 0 where
     * its reading begins at an offset that only the broker knows.
     */
    public Map<TopicPartition, Long> positions() {
        return Map.copyOf(positions);
    }

    /**
     * A key or value as it is taken in; the beginning of one that is too large, and a header that
     * identifies all of it.
     *
     * @param part names the header
     * @throws SerializationException if the consumer is to hand over what it has first
     */
    byte[] take(String part, Headers headers, ByteBuffer data) {
        int size = Math.min(data.remaining(), MOST_PART_BYTES) + bytes(headers);
        if (taken > 0 && taken + size > MOST_BYTES) {
            throw new FullException();
        }
        taken += size;
        boolean isCut = data.remaining() > MOST_PART_BYTES;
        if (isCut) {
            headers.add(part, digest(data).getBytes(StandardCharsets.US_ASCII));
        }
        byte[] bytes = new byte[isCut ? KEPT_BYTES : data.remaining()];
        data.duplicate().get(bytes);
        return bytes;
    }

    private static String digest(ByteBuffer data) {
        MessageDigest digest = Sha256.start();
        digest.update(data.duplicate());
        return Sha256.finish(digest);
    }

    /** Size of a record's headers. */
    static int bytes(Headers headers) {
        long bytes = 0;
        for (Header header : headers) {
            bytes += header.key().length() + (header.value() == null ? 0 : header.value().length);
        }
        return (int) Math.min(bytes, Integer.MAX_VALUE / 2);
    }
}
