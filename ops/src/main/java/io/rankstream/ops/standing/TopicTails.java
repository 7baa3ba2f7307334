package io.rankstream.ops.standing;

import io.rankstream.job.config.settings.KafkaSettings;
import io.rankstream.job.registry.RegistryException;
import io.rankstream.job.topic.ReadToEnds;
import io.rankstream.job.topic.ReadingStalledException;
import io.rankstream.ops.topic.Interruptions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;

/**
 * The newest records of some topics, and those that follow. It joins no group and commits no
 * offsets. For use by one thread.
 */
final class TopicTails implements AutoCloseable {

    private static final Duration STALL_LIMIT = Duration.ofSeconds(30);

    private final KafkaSettings kafka;
    private final Consumer<byte[], byte[]> consumer;
    private final Set<String> cut = new TreeSet<>();

    private TopicTails(KafkaSettings kafka, Consumer<byte[], byte[]> consumer) {
        this.kafka = kafka;
        this.consumer = consumer;
    }

    /**
     * Opens topics at their tails.
     *
     * @param most records of each topic to begin before its end, over its partitions
     * @param isolation whether transactions count that are not committed
     * @throws OutputsException if the broker cannot be used, or lacks one of them
     */
    static TopicTails open(
            KafkaSettings kafka, List<String> topics, int most, IsolationLevel isolation)
            throws OutputsException, InterruptedException {
        Consumer<byte[], byte[]> consumer = null;
        try {
            consumer = new KafkaConsumer<>(options(kafka, isolation));
            TopicTails tails = new TopicTails(kafka, consumer);
            tails.seek(topics, most);
            return tails;
        } catch (OutputsException e) {
            consumer.close();
            throw e;
        } catch (KafkaException e) {
            if (consumer != null) {
                consumer.close();
            }
            throw unusable(kafka, e);
        }
    }

    private static Map<String, Object> options(KafkaSettings kafka, IsolationLevel isolation) {
        Map<String, Object> options = kafka.impatientConsumerProperties();
        options.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, isolation.toString());
        options.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        options.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 5_000);
        return options;
    }

    private void seek(List<String> topics, int most) throws OutputsException {
        Map<String, ?> existing = consumer.listTopics();
        Map<String, List<TopicPartition>> partitions = new TreeMap<>();
        for (String topic : topics) {
            if (!existing.containsKey(topic)) {
                throw new OutputsException(kafka.lacks(List.of(topic)));
            }
            partitions.put(
                    topic,
                    consumer.partitionsFor(topic).stream()
                            .map(info -> new TopicPartition(topic, info.partition()))
                            .toList());
        }
        List<TopicPartition> all = partitions.values().stream().flatMap(List::stream).toList();
        consumer.assign(all);
        Map<TopicPartition, Long> begins = consumer.beginningOffsets(all);
        Map<TopicPartition, Long> ends = consumer.endOffsets(all);
        for (TopicPartition partition : all) {
            long share = most / partitions.get(partition.topic()).size();
            long begin = begins.get(partition);
            long start = Math.max(begin, ends.get(partition) - share);
            if (start > begin) {
                cut.add(partition.topic());
            }
            consumer.seek(partition, start);
        }
    }

    /** Topics of which there are older records than the first that is read. */
    Set<String> cut() {
        return cut;
    }

    /** Takes a record. */
    @FunctionalInterface
    interface Taker {

        void take(ConsumerRecord<byte[], byte[]> record) throws RegistryException;
    }

    /**
     * Hands over everything from the present place to the end at the time of the call, and keeps
     * none of it.
     *
     * @throws OutputsException if the broker goes away, or does not get on
     * @throws RegistryException if {@code taker} throws it
     */
    void toEnd(Taker taker) throws OutputsException, RegistryException, InterruptedException {
        try {
            Map<TopicPartition, Long> ends = consumer.endOffsets(consumer.assignment());
            ReadToEnds reading = new ReadToEnds(consumer, ends, STALL_LIMIT);
            while (!reading.isDone()) {
                for (ConsumerRecord<byte[], byte[]> record : reading.poll()) {
                    taker.take(record);
                }
            }
        } catch (InterruptException e) {
            throw Interruptions.of(e);
        } catch (KafkaException e) {
            throw unusable(kafka, e);
        } catch (ReadingStalledException e) {
            throw new OutputsException(
                    "the topics cannot be read to their ends: %s; check the broker at %s"
                            .formatted(e.getMessage(), kafka.bootstrapServers()));
        }
    }

    /**
     * Where the partitions of a topic end for this reader.
     *
     * @throws OutputsException if the broker goes away
     */
    Map<TopicPartition, Long> ends(String topic) throws OutputsException, InterruptedException {
        try {
            return consumer.endOffsets(
                    consumer.partitionsFor(topic).stream()
                            .map(info -> new TopicPartition(topic, info.partition()))
                            .toList());
        } catch (InterruptException e) {
            throw Interruptions.of(e);
        } catch (KafkaException e) {
            throw unusable(kafka, e);
        }
    }

    private static OutputsException unusable(KafkaSettings kafka, KafkaException e) {
        return new OutputsException(kafka.unusable(e));
    }

    @Override
    public void close() {
        consumer.close();
    }
}
