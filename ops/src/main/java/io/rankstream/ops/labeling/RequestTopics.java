package io.rankstream.ops.labeling;

import io.rankstream.job.config.JobConfig;
import io.rankstream.job.config.settings.KafkaSettings;
import io.rankstream.job.registry.RegistryException;
import io.rankstream.job.registry.SchemaRegistry;
import io.rankstream.job.topic.ReadToEnds;
import io.rankstream.job.topic.ReadingStalledException;
import io.rankstream.job.topic.Topic;
import io.rankstream.ops.labeling.queue.LabelQueue;
import io.rankstream.ops.topic.Interruptions;
import io.rankstream.ops.topic.RegisteredReader;
import io.rankstream.schemas.LabelOutcome;
import io.rankstream.schemas.LabelRequest;
import io.rankstream.schemas.LabelVote;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;

/**
 * Reads what is asked, said and settled from its beginning on, committed transactions alone. It
 * joins no group and commits no offsets. For use by one thread.
 */
final class RequestTopics implements AutoCloseable {

    private static final Duration STALL_LIMIT = Duration.ofSeconds(30);

    private final KafkaSettings kafka;
    private final String requests;
    private final String votes;
    private final String outcomes;
    private final SchemaRegistry registry;
    private final RegisteredReader<LabelRequest> requestReader;
    private final RegisteredReader<LabelVote> voteReader;
    private final RegisteredReader<LabelOutcome> outcomeReader;
    private final Consumer<byte[], byte[]> consumer;
    private final List<TopicPartition> partitions = new ArrayList<>();
    private long unreadable;

    private RequestTopics(JobConfig job, Consumer<byte[], byte[]> consumer) {
        this.kafka = job.kafka();
        this.requests = job.topics().of(Topic.LABEL_REQUESTS);
        this.votes = job.topics().of(Topic.LABELS);
        this.outcomes = job.topics().of(Topic.LABEL_OUTCOMES);
        this.consumer = consumer;
        this.registry = new SchemaRegistry(job.registry());
        this.requestReader = new RegisteredReader<>(registry, LabelRequest.class);
        this.voteReader = new RegisteredReader<>(registry, LabelVote.class);
        this.outcomeReader = new RegisteredReader<>(registry, LabelOutcome.class);
    }

    /**
     * Opens the topics at their beginnings.
     *
     * @throws LabelingException if the broker cannot be used, or lacks one of them
     */
    static RequestTopics open(JobConfig job) throws LabelingException, InterruptedException {
        RequestTopics topics = null;
        try {
            topics = new RequestTopics(job, new KafkaConsumer<>(options(job.kafka())));
            topics.assign();
            return topics;
        } catch (LabelingException e) {
            topics.close();
            throw e;
        } catch (KafkaException e) {
            if (topics != null) {
                topics.close();
            }
            if (e instanceof InterruptException interrupt) {
                throw Interruptions.of(interrupt);
            }
            throw new LabelingException(job.kafka().unusable(e), e);
        }
    }

    private static Map<String, Object> options(KafkaSettings kafka) {
        Map<String, Object> options = kafka.impatientConsumerProperties();
        options.put(
                ConsumerConfig.ISOLATION_LEVEL_CONFIG, IsolationLevel.READ_COMMITTED.toString());
        options.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        return options;
    }

    private void assign() throws LabelingException {
        Map<String, ?> existing = consumer.listTopics();
        List<String> missing =
                List.of(requests, votes, outcomes).stream()
                        .filter(topic -> !existing.containsKey(topic))
                        .toList();
        if (!missing.isEmpty()) {
            throw new LabelingException(kafka.lacks(missing), null);
        }
        for (String topic : List.of(requests, votes, outcomes)) {
            consumer.partitionsFor(topic)
                    .forEach(it -> partitions.add(new TopicPartition(topic, it.partition())));
        }
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
    }

    /**
     * Reads all there is: what is settled comes first, so that of old requests those alone are kept
     * that are open.
     *
     * @throws LabelingException if the broker goes away, or does not get on
     * @throws RegistryException if the registry does not tell a schema
     */
    void readAll(LabelQueue queue)
            throws LabelingException, RegistryException, InterruptedException {
        List<TopicPartition> asked =
                partitions.stream().filter(it -> it.topic().equals(requests)).toList();
        consumer.pause(asked);
        readToEnds(queue, partitions.stream().filter(it -> !it.topic().equals(requests)).toList());
        consumer.resume(asked);
        read(queue);
    }

    /** Reads what has come since; throws as {@link #readAll}. */
    void read(LabelQueue queue) throws LabelingException, RegistryException, InterruptedException {
        readToEnds(queue, partitions);
    }

    private void readToEnds(LabelQueue queue, List<TopicPartition> of)
            throws LabelingException, RegistryException, InterruptedException {
        try {
            Map<TopicPartition, Long> ends = consumer.endOffsets(of);
            ReadToEnds reading = new ReadToEnds(consumer, ends, STALL_LIMIT);
            while (!reading.isDone()) {
                for (ConsumerRecord<byte[], byte[]> record : reading.poll()) {
                    take(record, queue);
                }
            }
        } catch (InterruptException e) {
            throw Interruptions.of(e);
        } catch (KafkaException e) {
            throw new LabelingException(kafka.unusable(e), e);
        } catch (ReadingStalledException e) {
            throw new LabelingException(
                    "the topics cannot be read to their ends: %s; check the broker at %s"
                            .formatted(e.getMessage(), kafka.bootstrapServers()),
                    e);
        }
    }

    private void take(ConsumerRecord<byte[], byte[]> record, LabelQueue queue)
            throws RegistryException {
        if (record.value() == null) {
            return;
        }
        if (record.topic().equals(requests)) {
            known(requestReader.read(record.value())).ifPresent(queue::add);
        } else if (record.topic().equals(votes)) {
            known(voteReader.read(record.value())).ifPresent(queue::add);
        } else {
            known(outcomeReader.read(record.value())).ifPresent(queue::add);
        }
    }

    private <T> Optional<T> known(Optional<T> value) {
        if (value.isEmpty()) {
            unreadable++;
        }
        return value;
    }

    /** Records that this release cannot read. */
    long unreadable() {
        return unreadable;
    }

    @Override
    public void close() {
        consumer.close();
        registry.close();
    }
}
