package io.rankstream.ops.labeling;

import io.rankstream.job.config.JobConfig;
import io.rankstream.job.config.settings.KafkaSettings;
import io.rankstream.job.registry.RegistryException;
import io.rankstream.job.registry.SchemaRegistry;
import io.rankstream.job.registry.WireFormat;
import io.rankstream.job.topic.Topic;
import io.rankstream.ops.topic.Interruptions;
import io.rankstream.schemas.LabelVote;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Writes votes to the topic {@code labels} of a job, in Confluent's wire format, each stored by
 * every replica in sync before it counts as written. Thread-safe.
 */
final class VoteWriter implements Votes, AutoCloseable {

    /** A person waits for the answer. */
    private static final int BLOCK_MILLIS = 4_000;

    private static final int REQUEST_MILLIS = 4_000;
    private static final int DELIVERY_MILLIS = 8_000;
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(2);

    private final KafkaSettings kafka;
    private final String topic;
    private final int schemaId;
    private final KafkaProducer<byte[], byte[]> producer;

    private VoteWriter(KafkaSettings kafka, String topic, int schemaId) {
        this.kafka = kafka;
        this.topic = topic;
        this.schemaId = schemaId;
        Map<String, Object> options = kafka.clientProperties();
        options.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        options.put(ProducerConfig.ACKS_CONFIG, "all");
        options.put(ProducerConfig.LINGER_MS_CONFIG, 0);
        options.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, BLOCK_MILLIS);
        options.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, REQUEST_MILLIS);
        options.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, DELIVERY_MILLIS);
        this.producer =
                new KafkaProducer<>(options, new ByteArraySerializer(), new ByteArraySerializer());
    }

    /**
     * Opens the topic of a job, which exists.
     *
     * @throws LabelingException if the client cannot be made
     * @throws RegistryException if the schema can be neither found nor registered
     */
    static VoteWriter open(JobConfig job) throws LabelingException, RegistryException {
        try (SchemaRegistry registry = new SchemaRegistry(job.registry())) {
            int schemaId = registry.idOf(job.topics(), Topic.LABELS);
            return new VoteWriter(job.kafka(), job.topics().of(Topic.LABELS), schemaId);
        } catch (KafkaException e) {
            throw new LabelingException(job.kafka().unusable(e), e);
        }
    }

    @Override
    public void write(LabelVote vote) throws LabelingException, InterruptedException {
        byte[] key = Topic.LABELS.key().of(vote);
        byte[] value = WireFormat.encode(schemaId, vote);
        try {
            producer.send(new ProducerRecord<>(topic, key, value)).get();
        } catch (InterruptException e) {
            throw Interruptions.of(e);
        } catch (KafkaException e) {
            throw new LabelingException(kafka.unusable(e), e);
        } catch (ExecutionException e) {
            throw new LabelingException(kafka.unusable(e.getCause()), e.getCause());
        }
    }

    @Override
    public void close() {
        producer.close(CLOSE_LIMIT);
    }
}
