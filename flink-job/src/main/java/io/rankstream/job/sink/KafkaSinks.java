package io.rankstream.job.sink;

import io.rankstream.job.claim.JobClaim;
import io.rankstream.job.config.settings.KafkaSettings;
import io.rankstream.job.registry.SchemaIds;
import io.rankstream.job.topic.Topic;
import io.rankstream.job.topic.TopicNames;
import io.rankstream.schemas.DeadLetter;
import java.util.Properties;
import org.apache.avro.specific.SpecificRecordBase;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.connector.base.DeliveryGuarantee;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.flink.connector.kafka.sink.KafkaSink;
import org.apache.kafka.clients.producer.ProducerConfig;

/**
 * Transactional sinks: a consumer that reads committed records only sees each result of the
 * surviving history once. The prefix of a sink's transactional ids must stay the same for the life
 * of a job, so it depends on the consumer group and the topic alone.
 */
public final class KafkaSinks {

    /** Bytes of a dead letter, uncompressed, that a producer holds. */
    private static final long LARGEST_DEAD_LETTER = 256L << 20;

    private final JobClaim claim;
    private final KafkaSettings kafka;
    private final TopicNames topics;
    private final SchemaIds schemas;
    private final int measuredAdapters;

    /**
     * @param claim broker, and that no other start of the job has followed
     * @param measuredAdapters adapters of a subtask that have metrics of their own
     */
    public KafkaSinks(JobClaim claim, TopicNames topics, SchemaIds schemas, int measuredAdapters) {
        this.claim = claim;
        this.kafka = claim.kafka();
        this.topics = topics;
        this.schemas = schemas;
        this.measuredAdapters = measuredAdapters;
    }

    /** Values with the key that the topic has for them. */
    public <T extends SpecificRecordBase> Sink<T> of(Topic<T> row) {
        OutputTopic topic = OutputTopic.of(kafka, topics.of(row), producer());
        return sink(topic, new KeyedRecords<>(topic, schemas.of(row), row));
    }

    /** Dead letters, with the key of the record that was refused. */
    public Sink<DeadLetter> deadLetters() {
        Properties producer = producer();
        // A letter is larger than the record in it: its topic alone limits it.
        producer.putIfAbsent(
                ProducerConfig.MAX_REQUEST_SIZE_CONFIG, String.valueOf(Integer.MAX_VALUE));
        // What came in compressed must go out compressed to fit, and be held whole until then.
        producer.putIfAbsent(ProducerConfig.COMPRESSION_TYPE_CONFIG, "zstd");
        producer.putIfAbsent(
                ProducerConfig.BUFFER_MEMORY_CONFIG, String.valueOf(LARGEST_DEAD_LETTER));
        OutputTopic topic = OutputTopic.of(kafka, topics.of(Topic.DEAD_LETTERS), producer);
        DeadLetterRecords letters = new DeadLetterRecords(topic, schemas.of(Topic.DEAD_LETTERS));
        return sink(topic, new ToldDeadLetters(letters, measuredAdapters));
    }

    private <T> Sink<T> sink(OutputTopic topic, KafkaRecordSerializationSchema<T> records) {
        Properties producer = new Properties();
        producer.putAll(topic.producer());
        return new CalmlyClosedSink<>(
                KafkaSink.<T>builder()
                        .setBootstrapServers(kafka.bootstrapServers())
                        .setKafkaProducerConfig(producer)
                        .setDeliveryGuarantee(DeliveryGuarantee.EXACTLY_ONCE)
                        .setTransactionalIdPrefix(kafka.groupId() + "-" + topic.name())
                        .setRecordSerializer(new ClaimedRecords<>(claim, records))
                        .build());
    }

    private Properties producer() {
        Properties properties = new Properties();
        properties.putAll(kafka.producerProperties());
        // which the sink's builder sets itself, and warns of
        properties.remove(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG);
        properties.remove(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG);
        properties.setProperty(
                ProducerConfig.TRANSACTION_TIMEOUT_CONFIG,
                String.valueOf(kafka.transactionTimeout().toMillis()));
        return properties;
    }
}
