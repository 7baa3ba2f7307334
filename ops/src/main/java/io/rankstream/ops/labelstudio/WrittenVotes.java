package io.rankstream.ops.labelstudio;

import io.rankstream.job.config.JobConfig;
import io.rankstream.job.registry.RegistryException;
import io.rankstream.job.registry.SchemaRegistry;
import io.rankstream.job.topic.ReadToEnds;
import io.rankstream.job.topic.ReadingStalledException;
import io.rankstream.job.topic.Topic;
import io.rankstream.ops.topic.RegisteredReader;
import io.rankstream.schemas.LabelVote;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/** The votes that lie on the topic already. */
final class WrittenVotes {

    private static final Duration STALL_LIMIT = Duration.ofMinutes(1);

    private WrittenVotes() {}

    /**
     * Reads what was written to the topic so far.
     *
     * @throws RegistryException if the registry does not tell the schema of a vote
     * @throws BridgeException if it cannot be read to its end, or a topic of the loop is not there
     */
    static VoteLog readBack(JobConfig job) throws RegistryException, BridgeException {
        String topic = job.topics().of(Topic.LABELS);
        try (SchemaRegistry registry = new SchemaRegistry(job.registry());
                KafkaConsumer<byte[], byte[]> consumer =
                        new KafkaConsumer<>(job.kafka().impatientConsumerProperties())) {
            List<String> lacking =
                    Stream.of(Topic.LABELS, Topic.LABEL_REQUESTS, Topic.LABEL_OUTCOMES)
                            .map(job.topics()::of)
                            .filter(name -> !consumer.listTopics().containsKey(name))
                            .toList();
            if (!lacking.isEmpty()) {
                throw BridgeException.lasting(job.kafka().lacks(lacking), null);
            }
            List<TopicPartition> partitions =
                    consumer.partitionsFor(topic).stream()
                            .map(info -> new TopicPartition(topic, info.partition()))
                            .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            return read(consumer, new RegisteredReader<>(registry, LabelVote.class), partitions);
        } catch (ReadingStalledException e) {
            throw BridgeException.lasting(
                    "topic %s was not read to its end: %s; a transaction is open, or the broker is gone"
                            .formatted(topic, e.getMessage()),
                    e);
        } catch (KafkaException e) {
            throw BridgeException.lasting(job.kafka().unusable(e), e);
        }
    }

    private static VoteLog read(
            KafkaConsumer<byte[], byte[]> consumer,
            RegisteredReader<LabelVote> reader,
            List<TopicPartition> partitions)
            throws RegistryException, ReadingStalledException {
        Map<TopicPartition, Instant> trimmed = new HashMap<>();
        VoteLog log = new VoteLog();
        ReadToEnds reading = new ReadToEnds(consumer, consumer.endOffsets(partitions), STALL_LIMIT);
        Map<TopicPartition, Long> begins = consumer.beginningOffsets(partitions);
        while (!reading.isDone()) {
            for (ConsumerRecord<byte[], byte[]> record : reading.poll()) {
                TopicPartition partition = new TopicPartition(record.topic(), record.partition());
                if (begins.get(partition) > 0) {
                    trimmed.putIfAbsent(partition, Instant.ofEpochMilli(record.timestamp()));
                }
                Optional<LabelVote> vote = reader.read(record.value());
                vote.ifPresent(
                        it -> log.isWritten(it, Optional.ofNullable(trimmed.get(partition))));
            }
        }
        return log;
    }
}
