package io.rankstream.job.sink;

import io.rankstream.job.registry.WireFormat;
import io.rankstream.job.topic.Topic;
import java.io.IOException;
import org.apache.avro.specific.SpecificRecordBase;
import org.apache.flink.api.common.serialization.SerializationSchema.InitializationContext;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * Values as Kafka records. Their timestamp is that of writing, since retention counts from it.
 *
 * @param <T> generated class of the values
 */
final class KeyedRecords<T extends SpecificRecordBase>
        implements KafkaRecordSerializationSchema<T> {

    private final OutputTopic topic;
    private final int schemaId;
    private final Topic.Key<T> key;
    private final int least;

    /**
     * @param topic where they are written to
     * @param schemaId registry's id of the values' schema
     * @param row key and least size of a record
     */
    KeyedRecords(OutputTopic topic, int schemaId, Topic<T> row) {
        this.topic = topic;
        this.schemaId = schemaId;
        this.key = row.key();
        this.least = row.largest().withoutLabels();
    }

    @Override
    public void open(InitializationContext context, KafkaSinkContext sink) throws IOException {
        topic.limit(least);
    }

    @Override
    public ProducerRecord<byte[], byte[]> serialize(
            T value, KafkaSinkContext context, Long timestamp) {
        return new ProducerRecord<>(
                topic.name(), key.of(value), WireFormat.encode(schemaId, value));
    }
}
