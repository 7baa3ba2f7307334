package io.rankstream.ops.dlq;

import io.rankstream.job.config.settings.KafkaSettings;
import io.rankstream.job.registry.RegistryException;
import io.rankstream.job.topic.ReadToEnds;
import io.rankstream.job.topic.ReadingStalledException;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/**
 * Records of committed transactions on one topic, up to the end at the time of opening. It joins no
 * group and commits no offsets.
 */
public final class CommittedRecords implements AutoCloseable {

    private static final Duration STALL_LIMIT = Duration.ofMinutes(1);

    private final KafkaSettings kafka;
    private final Consumer<byte[], byte[]> consumer;
    private final List<TopicPartition> partitions;
    private final Map<TopicPartition, Long> ends;

    private CommittedRecords(
            KafkaSettings kafka,
            Consumer<byte[], byte[]> consumer,
            List<TopicPartition> partitions,
            Map<TopicPartition, Long> ends) {
        this.kafka = kafka;
        this.consumer = consumer;
        this.partitions = partitions;
        this.ends = ends;
    }

    /**
     * Opens a topic; empty if the broker has none of that name.
     *
     * @throws DeadLetterException if the broker cannot be used
     */
    public static Optional<CommittedRecords> of(KafkaSettings kafka, String topic)
            throws DeadLetterException {
        Consumer<byte[], byte[]> consumer = null;
        try {
            consumer = new KafkaConsumer<>(options(kafka));
            if (!consumer.listTopics().containsKey(topic)) {
                consumer.close();
                return Optional.empty();
            }
            List<TopicPartition> partitions = partitions(consumer, topic);
            return Optional.of(
                    new CommittedRecords(
                            kafka, consumer, partitions, consumer.endOffsets(partitions)));
        } catch (KafkaException e) {
            if (consumer != null) {
                consumer.close();
            }
            // without the cause, whose text goes to the log and may repeat a malformed option
            throw new DeadLetterException(kafka.unusable(e));
        }
    }

    private static List<TopicPartition> partitions(Consumer<?, ?> consumer, String topic) {
        return consumer.partitionsFor(topic).stream()
                .map(info -> new TopicPartition(topic, info.partition()))
                .sorted(Comparator.comparingInt(TopicPartition::partition))
                .toList();
    }

    private static Map<String, Object> options(KafkaSettings kafka) {
        Map<String, Object> options = kafka.impatientConsumerProperties();
        options.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        return options;
    }

    /** Receives records; false when it wants no more. */
    public interface Reader {
        boolean next(ConsumerRecord<byte[], byte[]> record)
                throws DeadLetterException, RegistryException;
    }

    /** Reads from the start, partition by partition in the order of the offsets. */
    public void read(Reader reader) throws DeadLetterException, RegistryException {
        try {
            for (TopicPartition partition : partitions) {
                if (!read(partition, reader)) {
                    return;
                }
            }
        } catch (KafkaException e) {
            throw new DeadLetterException(kafka.unusable(e), e);
        } catch (ReadingStalledException e) {
            throw new DeadLetterException(
                    "topic '%s' cannot be read to its end: %s; check the broker at %s"
                            .formatted(
                                    partitions.get(0).topic(),
                                    e.getMessage(),
                                    kafka.bootstrapServers()),
                    e);
        }
    }

    private boolean read(TopicPartition partition, Reader reader)
            throws DeadLetterException, RegistryException, ReadingStalledException {
        consumer.assign(List.of(partition));
        consumer.seekToBeginning(List.of(partition));
        long end = ends.get(partition);
        ReadToEnds reading = new ReadToEnds(consumer, Map.of(partition, end), STALL_LIMIT);
        while (!reading.isDone()) {
            for (ConsumerRecord<byte[], byte[]> record : reading.poll()) {
                if (record.offset() < end && !reader.next(record)) {
                    return false;
                }
            }
        }
        return true;
    }

    @Override
    public void close() {
        consumer.close();
    }
}
