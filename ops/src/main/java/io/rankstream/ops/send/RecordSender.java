package io.rankstream.ops.send;

import io.rankstream.job.config.JobConfig;
import io.rankstream.job.config.settings.InputFormat;
import io.rankstream.job.config.settings.KafkaSettings;
import io.rankstream.job.registry.RegistryException;
import io.rankstream.job.registry.SchemaRegistry;
import io.rankstream.job.registry.WireFormat;
import io.rankstream.job.topic.Topic;
import io.rankstream.ops.topic.Interruptions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.avro.specific.SpecificRecordBase;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Sends examples, inputs or votes to an input topic of a job, keyed by adapter: in Confluent's wire
 * format, or as the documents they are where the topic holds JSON, which that of votes never does.
 * Each is stored once by every replica in sync. What waits to be stored is bounded by {@code
 * buffer.memory}. For use by one thread; refusals may be told on another.
 *
 * @param <T> generated class of the values
 */
public final class RecordSender<T extends SpecificRecordBase> implements AutoCloseable {

    private static final int REQUEST_MILLIS = 15_000;
    private static final int DELIVERY_MILLIS = 60_000;
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(10);

    private final KafkaSettings kafka;
    private final Topic<T> row;
    private final String topic;
    private final OptionalInt schemaId;
    private final KafkaProducer<byte[], byte[]> producer;
    private final AtomicLong stored = new AtomicLong();
    private final AtomicReference<Exception> failure = new AtomicReference<>();

    private RecordSender(KafkaSettings kafka, Topic<T> row, String topic, OptionalInt schemaId) {
        this.kafka = kafka;
        this.row = row;
        this.topic = topic;
        this.schemaId = schemaId;
        Map<String, Object> options = kafka.clientProperties();
        options.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        options.put(ProducerConfig.ACKS_CONFIG, "all");
        options.put(ProducerConfig.LINGER_MS_CONFIG, 20);
        options.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, REQUEST_MILLIS);
        options.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, DELIVERY_MILLIS);
        this.producer =
                new KafkaProducer<>(options, new ByteArraySerializer(), new ByteArraySerializer());
    }

    /** Hears of values that are too large for the broker. */
    public interface Refusals {
        void tooLarge(String place, String reason);
    }

    /**
     * Opens an input topic of a job, which exists.
     *
     * @param row the topic, of examples, inputs or votes
     * @throws SendException if the broker cannot be used, or has no such topic
     * @throws RegistryException if the schema can be neither found nor registered
     */
    public static <T extends SpecificRecordBase> RecordSender<T> open(JobConfig job, Topic<T> row)
            throws SendException, RegistryException {
        String topic = job.topics().of(row);
        requireTopic(job.kafka(), topic);
        try {
            return new RecordSender<>(job.kafka(), row, topic, schemaId(job, row));
        } catch (KafkaException e) {
            throw new SendException(job.kafka().unusable(e), e);
        }
    }

    private static OptionalInt schemaId(JobConfig job, Topic<?> row) throws RegistryException {
        if (job.input().format() == InputFormat.JSON && !row.equals(Topic.LABELS)) {
            return OptionalInt.empty();
        }
        try (SchemaRegistry registry = new SchemaRegistry(job.registry())) {
            return OptionalInt.of(registry.idOf(job.topics(), row));
        }
    }

    /** A producer would create the topic where the broker permits it. */
    private static void requireTopic(KafkaSettings kafka, String topic) throws SendException {
        Map<String, Object> options = kafka.clientProperties();
        options.put("default.api.timeout.ms", REQUEST_MILLIS);
        options.put("request.timeout.ms", REQUEST_MILLIS);
        try (Admin admin = Admin.create(options)) {
            admin.describeTopics(List.of(topic)).allTopicNames().get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof UnknownTopicOrPartitionException) {
                throw new SendException(kafka.lacks(List.of(topic)), e);
            }
            throw new SendException(kafka.unusable(e.getCause()), e.getCause());
        } catch (KafkaException e) {
            throw new SendException(kafka.unusable(e), null);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SendException("interrupted while asking for topic " + topic, e);
        }
    }

    /**
     * Sends values to a job whose input is Avro, and returns when all are stored.
     *
     * @param row the topic, of examples, inputs or votes
     * @throws SendException if the broker cannot be used, has no such topic, or does not take one
     *     of them
     * @throws RegistryException if the schema can be neither found nor registered
     */
    public static <T extends SpecificRecordBase> void sendAll(
            JobConfig job, Topic<T> row, List<T> values)
            throws SendException, RegistryException, InterruptedException {
        AtomicReference<String> refused = new AtomicReference<>();
        try (RecordSender<T> sender = open(job, row)) {
            long number = 0;
            for (T value : values) {
                number++;
                sender.send(
                        "record " + number,
                        value,
                        null,
                        (place, reason) ->
                                refused.compareAndSet(null, "%s is %s".formatted(place, reason)));
            }
            sender.flush();
        }
        if (refused.get() != null) {
            throw new SendException(refused.get(), null);
        }
    }

    /** Topic that they go to. */
    public String topic() {
        return topic;
    }

    /** Values that the broker has stored so far. */
    public long stored() {
        return stored.get();
    }

    /**
     * Hands a value over; waits while too many are on their way.
     *
     * @param place where it comes from, for {@code refusals}
     * @param document the value as JSON, for a topic of such; of no account for any other
     * @throws SendException if the broker did not take this one or an earlier one
     */
    @SuppressWarnings("FutureReturnValueIgnored") // the callback hears what becomes of it
    public void send(String place, T value, byte[] document, Refusals refusals)
            throws SendException, InterruptedException {
        requireNoFailure();
        byte[] key = row.key().of(value);
        byte[] bytes =
                schemaId.isPresent() ? WireFormat.encode(schemaId.getAsInt(), value) : document;
        try {
            producer.send(
                    new ProducerRecord<>(topic, key, bytes),
                    (metadata, e) -> acknowledged(place, e, refusals));
        } catch (InterruptException e) {
            throw Interruptions.of(e);
        } catch (KafkaException e) {
            throw new SendException(kafka.unusable(e), e);
        }
    }

    private void acknowledged(String place, Exception e, Refusals refusals) {
        if (e == null) {
            stored.incrementAndGet();
        } else if (e instanceof RecordTooLargeException) {
            refusals.tooLarge(place, "too large for the broker: " + e.getMessage());
        } else {
            failure.compareAndSet(null, e);
        }
    }

    /**
     * Waits until all are stored or refused.
     *
     * @throws SendException if the broker did not take one of them
     */
    public void flush() throws SendException, InterruptedException {
        try {
            producer.flush();
        } catch (InterruptException e) {
            throw Interruptions.of(e);
        }
        requireNoFailure();
    }

    private void requireNoFailure() throws SendException {
        Exception e = failure.get();
        if (e != null) {
            throw new SendException(kafka.unusable(e), e);
        }
    }

    /** Gives what is on its way some seconds to be stored, and takes no more. */
    public void settle() {
        producer.close(CLOSE_LIMIT);
    }

    @Override
    public void close() {
        settle();
    }
}
