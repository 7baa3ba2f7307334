package io.rankstream.job.sink;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.rankstream.job.registry.WireFormat;
import io.rankstream.schemas.TrainingReport;
import java.io.IOException;
import org.apache.flink.api.common.serialization.SerializationSchema.InitializationContext;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * Training reports as Kafka records. Their timestamp is that of writing, since retention counts
 * from it.
 */
final class TrainingReportRecords implements KafkaRecordSerializationSchema<TrainingReport> {

    private final OutputTopic topic;
    private final int schemaId;

    TrainingReportRecords(OutputTopic topic, int schemaId) {
        this.topic = topic;
        this.schemaId = schemaId;
    }

    @Override
    public void open(InitializationContext context, KafkaSinkContext sink) throws IOException {
        topic.limit(LargestRecords.TRAINING_REPORT);
    }

    @Override
    public ProducerRecord<byte[], byte[]> serialize(
            TrainingReport report, KafkaSinkContext context, Long timestamp) {
        return new ProducerRecord<>(
                topic.name(),
                report.getAdapterId().getBytes(UTF_8),
                WireFormat.encode(schemaId, report));
    }
}
