package io.rankstream.ops.labelstudio;

import io.rankstream.job.config.JobConfig;
import io.rankstream.job.config.settings.KafkaSettings;
import io.rankstream.job.registry.RegistryException;
import io.rankstream.job.registry.SchemaRegistry;
import io.rankstream.job.topic.Topic;
import io.rankstream.ops.topic.Interruptions;
import io.rankstream.ops.topic.RegisteredReader;
import io.rankstream.schemas.LabelOutcome;
import io.rankstream.schemas.LabelRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The topics of requests and of outcomes, read by a consumer group, whose offsets say what was done
 * with.
 */
final class KafkaRequests implements LabelRequests {

    private static final Logger LOG = LoggerFactory.getLogger(KafkaRequests.class);

    private static final Duration POLL = Duration.ofMillis(200);
    private static final int SESSION_MILLIS = 10_000;

    private final KafkaSettings kafka;
    private final SchemaRegistry registry;
    private final String outcomes;
    private final RegisteredReader<LabelRequest> requestReader;
    private final RegisteredReader<LabelOutcome> outcomeReader;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private boolean changedHands;

    private KafkaRequests(
            JobConfig job, SchemaRegistry registry, KafkaConsumer<byte[], byte[]> consumer) {
        this.kafka = job.kafka();
        this.registry = registry;
        this.outcomes = job.topics().of(Topic.LABEL_OUTCOMES);
        this.requestReader = new RegisteredReader<>(registry, LabelRequest.class);
        this.outcomeReader = new RegisteredReader<>(registry, LabelOutcome.class);
        this.consumer = consumer;
    }

    /**
     * Joins the group.
     *
     * @param fromStart whether to read again what was done with
     * @throws BridgeException if the broker cannot be used, or has no such topic
     */
    static KafkaRequests open(JobConfig job, String group, boolean fromStart)
            throws BridgeException {
        Map<String, Object> options = job.kafka().consumerProperties();
        options.put(ConsumerConfig.GROUP_ID_CONFIG, group);
        options.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        // Label Studio may be away for long, and nobody else could go on without it.
        options.put(ConsumerConfig.MAX_POLL_INTERVAL_MS_CONFIG, Integer.MAX_VALUE);
        // A bridge that was killed holds up the next one for so long.
        options.put(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, SESSION_MILLIS);
        options.put(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, SESSION_MILLIS / 3);
        SchemaRegistry registry = new SchemaRegistry(job.registry());
        try {
            KafkaRequests requests = new KafkaRequests(job, registry, new KafkaConsumer<>(options));
            requests.join(job.topics().of(Topic.LABEL_REQUESTS), fromStart);
            return requests;
        } catch (KafkaException e) {
            registry.close();
            throw BridgeException.lasting(job.kafka().unusable(e), e);
        }
    }

    private void join(String topic, boolean fromStart) {
        Set<TopicPartition> fresh = new HashSet<>();
        consumer.subscribe(
                List.of(topic, outcomes),
                new ConsumerRebalanceListener() {
                    @Override
                    public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
                        LOG.info("Requests of {} are read elsewhere from now on", partitions);
                    }

                    @Override
                    public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
                        LOG.info("Requests of {} are read here from now on", partitions);
                        changedHands |= !partitions.isEmpty();
                        if (fromStart) {
                            consumer.seekToBeginning(
                                    partitions.stream().filter(fresh::add).toList());
                        }
                    }
                });
    }

    @Override
    public Polled poll() throws BridgeException, InterruptedException {
        try {
            List<LabelRequest> requests = new ArrayList<>();
            List<LabelOutcome> made = new ArrayList<>();
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                if (record.topic().equals(outcomes)) {
                    Optional<LabelOutcome> outcome = outcomeReader.read(record.value());
                    outcome.ifPresentOrElse(made::add, () -> tellForeign(record));
                } else {
                    Optional<LabelRequest> request = requestReader.read(record.value());
                    request.ifPresentOrElse(requests::add, () -> tellForeign(record));
                }
            }
            return new Polled(requests, made);
        } catch (InterruptException e) {
            throw Interruptions.of(e);
        } catch (RegistryException e) {
            // what was polled is lost to this consumer: it is read anew
            throw BridgeException.lasting(e.getMessage(), e);
        } catch (KafkaException e) {
            throw BridgeException.lasting(kafka.unusable(e), e);
        }
    }

    private static void tellForeign(ConsumerRecord<byte[], byte[]> record) {
        LOG.warn(
                "Offset {} of partition {} of {} is neither a request nor an outcome, and is left out",
                record.offset(),
                record.partition(),
                record.topic());
    }

    @Override
    public boolean isAtEnd() {
        Set<TopicPartition> partitions = consumer.assignment();
        return !partitions.isEmpty()
                && partitions.stream()
                        .allMatch(partition -> consumer.currentLag(partition).orElse(1) == 0);
    }

    /** A consumer waits in silence for a broker that has gone. */
    @Override
    public void check() throws BridgeException, InterruptedException {
        try {
            consumer.endOffsets(consumer.assignment(), KafkaSettings.ANSWER_LIMIT);
        } catch (InterruptException e) {
            throw Interruptions.of(e);
        } catch (KafkaException e) {
            throw BridgeException.passing(kafka.unusable(e), e);
        }
    }

    @Override
    public boolean hasChangedHands() {
        boolean changed = changedHands;
        changedHands = false;
        return changed;
    }

    @Override
    public void commit() throws BridgeException, InterruptedException {
        try {
            consumer.commitSync();
        } catch (InterruptException e) {
            throw Interruptions.of(e);
        } catch (CommitFailedException e) {
            LOG.info("Another bridge has taken over what was read here", e);
        } catch (KafkaException e) {
            throw BridgeException.passing(kafka.unusable(e), e);
        }
    }

    @Override
    public void close() {
        consumer.close();
        registry.close();
    }
}
