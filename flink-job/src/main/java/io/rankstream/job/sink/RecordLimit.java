package io.rankstream.job.sink;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.record.AbstractRecords;
import org.apache.kafka.common.record.CompressionType;
import org.apache.kafka.common.record.MemoryRecords;
import org.apache.kafka.common.record.RecordBatch;
import org.apache.kafka.common.record.SimpleRecord;

/**
 * Largest record that a topic takes from a producer: the topic limits a batch as it is written, the
 * producer's own options a record before it is compressed.
 *
 * @param topicBytes {@code max.message.bytes} of the topic
 * @param producerBytes what the producer sends and holds of one record
 * @param compression of the producer's batches
 * @param keepsCompression whether the broker writes a batch as it was sent
 */
public record RecordLimit(
        int topicBytes, int producerBytes, CompressionType compression, boolean keepsCompression) {

    /** What a broker takes unless it is told otherwise. */
    private static final String DEFAULT_TOPIC_BYTES = "1048588";

    private static final String DEFAULT_REQUEST_BYTES = "1048576";
    private static final String DEFAULT_BUFFER_BYTES = "33554432";
    private static final String KEEP_COMPRESSION = "producer";

    /** Share of a limit that bytes which cannot be compressed may grow by. */
    private static final int GROWTH = 100;

    /**
     * Asks the broker. A topic that it does not know yet has the limit of a broker without
     * settings.
     *
     * @param producer options of the producer
     */
    public static RecordLimit of(Admin admin, String topic, Map<?, ?> producer)
            throws ExecutionException, InterruptedException {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        try {
            return of(admin.describeConfigs(List.of(resource)).all().get().get(resource), producer);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof UnknownTopicOrPartitionException) {
                return byDefault(producer);
            }
            throw e;
        }
    }

    /**
     * What {@code topic} says.
     *
     * @param producer options of the producer
     */
    public static RecordLimit of(Config topic, Map<?, ?> producer) {
        return of(
                topic.get(TopicConfig.MAX_MESSAGE_BYTES_CONFIG).value(),
                topic.get(TopicConfig.COMPRESSION_TYPE_CONFIG).value(),
                producer);
    }

    /** A topic without settings, on a broker without settings. */
    static RecordLimit byDefault(Map<?, ?> producer) {
        return of(DEFAULT_TOPIC_BYTES, KEEP_COMPRESSION, producer);
    }

    static RecordLimit of(String topicBytes, String topicCompression, Map<?, ?> producer) {
        String compression = option(producer, ProducerConfig.COMPRESSION_TYPE_CONFIG, "none");
        long request =
                Long.parseLong(
                        option(
                                producer,
                                ProducerConfig.MAX_REQUEST_SIZE_CONFIG,
                                DEFAULT_REQUEST_BYTES));
        long buffer =
                Long.parseLong(
                        option(
                                producer,
                                ProducerConfig.BUFFER_MEMORY_CONFIG,
                                DEFAULT_BUFFER_BYTES));
        return new RecordLimit(
                Integer.parseInt(topicBytes),
                Math.toIntExact(Math.min(request, buffer)),
                CompressionType.forName(compression),
                topicCompression.equals(KEEP_COMPRESSION) || topicCompression.equals(compression));
    }

    private static String option(Map<?, ?> producer, String key, String otherwise) {
        Object value = producer.get(key);
        return value == null ? otherwise : value.toString().strip();
    }

    /** Bytes of a record that is admitted whatever is in it. */
    public int bytes() {
        return Math.min(producerBytes, topicBytes - topicBytes / GROWTH);
    }

    /** Whether topic and producer take {@code record}. */
    boolean admits(ProducerRecord<byte[], byte[]> record) {
        int size = size(record);
        return size <= bytes()
                || (size <= producerBytes
                        && keepsCompression
                        && compressed(record) <= topicBytes - topicBytes / GROWTH);
    }

    /** Most bytes that a batch of {@code record} alone takes, uncompressed. */
    static int size(ProducerRecord<byte[], byte[]> record) {
        return AbstractRecords.estimateSizeInBytesUpperBound(
                RecordBatch.CURRENT_MAGIC_VALUE,
                CompressionType.NONE,
                record.key(),
                record.value(),
                record.headers().toArray());
    }

    private int compressed(ProducerRecord<byte[], byte[]> record) {
        return MemoryRecords.withRecords(
                        Compression.of(compression).build(),
                        new SimpleRecord(
                                0, record.key(), record.value(), record.headers().toArray()))
                .sizeInBytes();
    }
}
