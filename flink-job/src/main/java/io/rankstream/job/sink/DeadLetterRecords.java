package io.rankstream.job.sink;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.rankstream.job.registry.WireFormat;
import io.rankstream.schemas.DeadLetter;
import java.nio.ByteBuffer;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;

/**
 * Dead letters as Kafka records. Headers repeat why and where, so that tools without Avro can show
 * and filter them. Their timestamp is that of writing, since retention counts from it.
 */
final class DeadLetterRecords implements KafkaRecordSerializationSchema<DeadLetter> {

    private final String topic;
    private final int schemaId;

    DeadLetterRecords(String topic, int schemaId) {
        this.topic = topic;
        this.schemaId = schemaId;
    }

    @Override
    public ProducerRecord<byte[], byte[]> serialize(
            DeadLetter letter, KafkaSinkContext context, Long timestamp) {
        ProducerRecord<byte[], byte[]> written =
                new ProducerRecord<>(
                        topic, bytes(letter.getKey()), WireFormat.encode(schemaId, letter));
        describe(letter, written.headers());
        return written;
    }

    private static void describe(DeadLetter letter, Headers headers) {
        headers.add("error.reason", text(letter.getReason()));
        headers.add("error.message", text(letter.getMessage()));
        headers.add("topic", text(letter.getTopic()));
        headers.add("partition", text(letter.getPartition()));
        headers.add("offset", text(letter.getOffset()));
        if (letter.getSchemaId() != null) {
            headers.add("schema.id", text(letter.getSchemaId()));
        }
    }

    private static byte[] text(Object value) {
        return value.toString().getBytes(UTF_8);
    }

    private static byte[] bytes(ByteBuffer key) {
        if (key == null) {
            return null;
        }
        byte[] bytes = new byte[key.remaining()];
        key.duplicate().get(bytes);
        return bytes;
    }
}
