package io.rankstream.job.sink;

import io.rankstream.job.config.KafkaSettings;
import io.rankstream.job.config.TopicNames;
import io.rankstream.job.registry.SchemaIds;
import io.rankstream.schemas.DeadLetter;
import io.rankstream.schemas.Prediction;
import io.rankstream.schemas.TrainingReport;
import java.util.Properties;
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

    private final KafkaSettings kafka;
    private final TopicNames topics;
    private final SchemaIds schemas;

    public KafkaSinks(KafkaSettings kafka, TopicNames topics, SchemaIds schemas) {
        this.kafka = kafka;
        this.topics = topics;
        this.schemas = schemas;
    }

    /** Predictions, keyed by adapter. */
    public KafkaSink<Prediction> predictions() {
        String topic = topics.predictions();
        return sink(topic, new PredictionRecords(topic, schemas.prediction()), producer());
    }

    /** Training reports, keyed by adapter. */
    public KafkaSink<TrainingReport> trainingReports() {
        String topic = topics.trainingReports();
        return sink(topic, new TrainingReportRecords(topic, schemas.trainingReport()), producer());
    }

    /** Dead letters, with the key of the record that was refused. */
    public KafkaSink<DeadLetter> deadLetters() {
        String topic = topics.deadLetters();
        Properties producer = producer();
        // A letter is larger than the record in it; the producer's own limit of 1 MiB would fail
        // the job for a record that the broker had accepted.
        producer.putIfAbsent(
                ProducerConfig.MAX_REQUEST_SIZE_CONFIG, String.valueOf(Integer.MAX_VALUE));
        // What came in compressed must go out compressed to fit, and be held whole until then.
        producer.putIfAbsent(ProducerConfig.COMPRESSION_TYPE_CONFIG, "zstd");
        producer.putIfAbsent(
                ProducerConfig.BUFFER_MEMORY_CONFIG, String.valueOf(LARGEST_DEAD_LETTER));
        return sink(
                topic,
                new ToldDeadLetters(new DeadLetterRecords(topic, schemas.deadLetter())),
                producer);
    }

    private <T> KafkaSink<T> sink(
            String topic, KafkaRecordSerializationSchema<T> records, Properties producer) {
        return KafkaSink.<T>builder()
                .setBootstrapServers(kafka.bootstrapServers())
                .setKafkaProducerConfig(producer)
                .setDeliveryGuarantee(DeliveryGuarantee.EXACTLY_ONCE)
                .setTransactionalIdPrefix(kafka.groupId() + "-" + topic)
                .setRecordSerializer(records)
                .build();
    }

    private Properties producer() {
        Properties properties = new Properties();
        properties.putAll(kafka.properties());
        properties.setProperty(
                ProducerConfig.TRANSACTION_TIMEOUT_CONFIG,
                String.valueOf(kafka.transactionTimeout().toMillis()));
        return properties;
    }
}
