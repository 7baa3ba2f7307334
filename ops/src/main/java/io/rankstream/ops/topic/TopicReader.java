package io.rankstream.ops.topic;

import io.rankstream.job.config.settings.KafkaSettings;
import io.rankstream.job.registry.WireFormat;
import io.rankstream.job.topic.ReadToEnds;
import io.rankstream.job.topic.ReadingStalledException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificDatumReader;
import org.apache.avro.specific.SpecificRecordBase;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads a topic of ours from its start: Avro values that this very release wrote, in one or more
 * partitions. For use by one thread.
 *
 * @param <T> generated class of the values
 */
public final class TopicReader<T extends SpecificRecordBase> implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(TopicReader.class);

    private static final Duration WAIT = Duration.ofMillis(200);
    private static final Duration GLANCE = Duration.ofMillis(10);

    private static final Duration READ_LIMIT = Duration.ofMinutes(1);
    private static final String LIVE = "read_uncommitted";
    private static final String COMMITTED = "read_committed";

    private final Map<String, Object> client;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final List<TopicPartition> partitions;
    private final SpecificDatumReader<T> reader;

    /**
     * A value and when it was written, by the clock of its producer.
     *
     * @param <T> generated class of the value
     */
    public record Written<T>(Instant time, T value) {}

    private TopicReader(
            Map<String, Object> client, String topic, Schema schema, String isolationLevel) {
        this.client = client;
        this.consumer = consumer(client, isolationLevel);
        this.partitions =
                consumer.partitionsFor(topic).stream()
                        .map(partition -> new TopicPartition(topic, partition.partition()))
                        .toList();
        consumer.assign(partitions);
        this.reader = new SpecificDatumReader<>(schema);
    }

    private static KafkaConsumer<byte[], byte[]> consumer(
            Map<String, Object> client, String isolationLevel) {
        Map<String, Object> options = new HashMap<>(client);
        options.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, isolationLevel);
        options.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        options.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        return new KafkaConsumer<>(
                options, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    /** Reads what was written, whether or not it will be committed. */
    public static <T extends SpecificRecordBase> TopicReader<T> live(
            String bootstrapServers, String topic, Schema schema) {
        return new TopicReader<>(plain(bootstrapServers), topic, schema, LIVE);
    }

    /** Reads committed transactions alone. */
    public static <T extends SpecificRecordBase> TopicReader<T> committed(
            String bootstrapServers, String topic, Schema schema) {
        return new TopicReader<>(plain(bootstrapServers), topic, schema, COMMITTED);
    }

    /**
     * Reads committed transactions alone.
     *
     * @param kafka the broker and how to be admitted to it
     */
    public static <T extends SpecificRecordBase> TopicReader<T> committed(
            KafkaSettings kafka, String topic, Schema schema) {
        return new TopicReader<>(kafka.consumerProperties(), topic, schema, COMMITTED);
    }

    /**
     * Reads committed transactions alone, of those that begin after this call.
     *
     * @param kafka the broker and how to be admitted to it
     */
    public static <T extends SpecificRecordBase> TopicReader<T> committedFromNowOn(
            KafkaSettings kafka, String topic, Schema schema) {
        TopicReader<T> reader = committed(kafka, topic, schema);
        reader.highWatermarks(READ_LIMIT).forEach(reader.consumer::seek);
        return reader;
    }

    /** A broker that anybody may use. */
    private static Map<String, Object> plain(String bootstrapServers) {
        return Map.of(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
    }

    /** What arrived since the last call; empty when nothing does for a moment. */
    public List<T> poll() {
        return values(poll(WAIT));
    }

    /**
     * What arrived since the last call, without waiting for more. Whoever calls it seldom asks the
     * broker as seldom.
     */
    public List<T> arrived() {
        return values(poll(GLANCE));
    }

    /** As {@link #arrived()}, each value with the time at which it was written. */
    public List<Written<T>> arrivedWithTimes() {
        return poll(GLANCE);
    }

    private List<Written<T>> poll(Duration wait) {
        return decoded(consumer.poll(wait));
    }

    private List<Written<T>> decoded(ConsumerRecords<byte[], byte[]> records) {
        List<Written<T>> written = new ArrayList<>();
        for (ConsumerRecord<byte[], byte[]> record : records) {
            Instant time = Instant.ofEpochMilli(record.timestamp());
            written.add(new Written<>(time, decode(record.value())));
        }
        return written;
    }

    private static <T> List<T> values(List<Written<T>> written) {
        return written.stream().map(Written::value).toList();
    }

    /**
     * Everything up to what is the end at the time of the call, transactions included that are only
     * about to be marked as committed.
     *
     * @throws IllegalStateException if nothing comes for a minute
     */
    public List<T> readToEnd() {
        return values(readToEndWithTimes());
    }

    /** As {@link #readToEnd()}, each value with the time at which it was written. */
    public List<Written<T>> readToEndWithTimes() {
        ReadToEnds reading = new ReadToEnds(consumer, highWatermarks(READ_LIMIT), READ_LIMIT);
        List<Written<T>> written = new ArrayList<>();
        try {
            while (!reading.isDone()) {
                written.addAll(decoded(reading.poll()));
            }
        } catch (ReadingStalledException e) {
            throw new IllegalStateException(
                    "%s was not read to its end: %s; a transaction is open, or the broker is gone"
                            .formatted(topic(), e.getMessage()),
                    e);
        }
        return written;
    }

    /**
     * Whether a transaction that was open before the first value keeps all of them from being read.
     *
     * @param limit how long to wait for the broker's answer
     */
    public boolean isHeldBack(Duration limit) {
        Map<TopicPartition, Long> readable = consumer.endOffsets(partitions, limit);
        return readable.entrySet().stream()
                .anyMatch(end -> end.getValue() < consumer.position(end.getKey()));
    }

    /** Its name. */
    public String topic() {
        return partitions.get(0).topic();
    }

    /** What can be read of the rest within a limit, which an open transaction is waited for. */
    public List<Written<T>> rest(Duration limit) {
        long start = System.nanoTime();
        ReadToEnds reading = new ReadToEnds(consumer, highWatermarks(limit), limit);
        List<Written<T>> written = new ArrayList<>();
        try {
            while (!reading.isDone() && System.nanoTime() - start < limit.toNanos()) {
                written.addAll(decoded(reading.poll()));
            }
        } catch (ReadingStalledException e) {
            LOG.debug("The rest of {} is not to be had", topic(), e);
        }
        return written;
    }

    /** A consumer of committed records is told the end of the last transaction it may see. */
    private Map<TopicPartition, Long> highWatermarks(Duration limit) {
        try (KafkaConsumer<byte[], byte[]> uncommitted = consumer(client, LIVE)) {
            return uncommitted.endOffsets(partitions, limit);
        }
    }

    @Override
    public void close() {
        consumer.close();
    }

    private T decode(byte[] value) {
        try {
            return WireFormat.decode(value, reader);
        } catch (IOException e) {
            throw new UncheckedIOException("a value of this release cannot be read", e);
        }
    }
}
