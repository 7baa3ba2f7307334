package io.rankstream.job.sink;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.rankstream.job.registry.WireFormat;
import io.rankstream.schemas.Prediction;
import java.io.IOException;
import org.apache.flink.api.common.serialization.SerializationSchema.InitializationContext;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * Predictions as Kafka records. Their timestamp is that of writing, since retention counts from it.
 */
final class PredictionRecords implements KafkaRecordSerializationSchema<Prediction> {

    private final OutputTopic topic;
    private final int schemaId;

    PredictionRecords(OutputTopic topic, int schemaId) {
        this.topic = topic;
        this.schemaId = schemaId;
    }

    @Override
    public void open(InitializationContext context, KafkaSinkContext sink) throws IOException {
        topic.limit(LargestRecords.PREDICTION_WITHOUT_LABELS);
    }

    @Override
    public ProducerRecord<byte[], byte[]> serialize(
            Prediction prediction, KafkaSinkContext context, Long timestamp) {
        return new ProducerRecord<>(
                topic.name(),
                prediction.getAdapterId().getBytes(UTF_8),
                WireFormat.encode(schemaId, prediction));
    }
}
