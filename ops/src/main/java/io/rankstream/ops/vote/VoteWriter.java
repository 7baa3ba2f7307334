package io.rankstream.ops.vote;

import io.rankstream.job.config.JobConfig;
import io.rankstream.job.config.settings.KafkaSettings;
import io.rankstream.job.registry.RegistryException;
import io.rankstream.job.registry.SchemaRegistry;
import io.rankstream.job.registry.WireFormat;
import io.rankstream.job.topic.Topic;
import io.rankstream.ops.topic.Interruptions;
import io.rankstream.schemas.LabelVote;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;

/**
 * Writes votes to the topic {@code labels} of a job, in Confluent's wire format, keyed by adapter,
 * each stored by every replica in sync before it counts as written. Thread-safe.
 */
public final class VoteWriter implements Votes {

    private final KafkaSettings kafka;
    private final String topic;
    private final int schemaId;
    private final Duration answer;
    private final KafkaProducer<byte[], byte[]> producer;

    private VoteWriter(JobConfig job, int schemaId, Duration limit) {
        this.kafka = job.kafka();
        this.topic = job.topics().of(Topic.LABELS);
        this.schemaId = schemaId;
        this.answer = limit.dividedBy(2);
        int answerMillis = Math.toIntExact(answer.toMillis());
        Map<String, Object> options = kafka.producerProperties();
        options.put(ProducerConfig.LINGER_MS_CONFIG, 0);
        options.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, answerMillis);
        options.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, answerMillis);
        options.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, Math.toIntExact(limit.toMillis()));
        this.producer = new KafkaProducer<>(options);
    }

    /**
     * Opens the topic of a job, which exists.
     *
     * @param limit how long a vote may take to be stored; half of it for one answer of the broker
     * @throws VotesException if the broker's client does not take its options
     * @throws RegistryException if the schema can be neither found nor registered
     */
    public static VoteWriter open(JobConfig job, Duration limit)
            throws VotesException, RegistryException {
        try (SchemaRegistry registry = new SchemaRegistry(job.registry())) {
            return new VoteWriter(job, registry.idOf(job.topics(), Topic.LABELS), limit);
        } catch (KafkaException e) {
            throw new VotesException(job.kafka().unusable(e), e);
        }
    }

    @Override
    public void write(List<LabelVote> votes) throws VotesException, InterruptedException {
        List<Future<RecordMetadata>> sends = new ArrayList<>();
        try {
            for (LabelVote vote : votes) {
                sends.add(
                        producer.send(
                                new ProducerRecord<>(
                                        topic,
                                        Topic.LABELS.key().of(vote),
                                        WireFormat.encode(schemaId, vote))));
            }
            for (Future<RecordMetadata> send : sends) {
                send.get();
            }
        } catch (InterruptException e) {
            throw Interruptions.of(e);
        } catch (KafkaException e) {
            throw new VotesException(kafka.unusable(e), e);
        } catch (ExecutionException e) {
            throw new VotesException(kafka.unusable(e.getCause()), e.getCause());
        }
    }

    @Override
    public void close() {
        producer.close(answer);
    }
}
