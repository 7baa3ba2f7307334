package io.rankstream.job.sink;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.rankstream.adapters.text.Excerpt;
import io.rankstream.job.registry.WireFormat;
import io.rankstream.job.topic.Topic;
import io.rankstream.schemas.DeadLetter;
import java.io.IOException;
import org.apache.flink.api.common.serialization.SerializationSchema.InitializationContext;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;

/**
 * Dead letters as Kafka records. Headers repeat why and where, so that tools without Avro can show
 * and filter them. Their timestamp is that of writing, since retention counts from it. A letter
 * that its topic does not take is cut down until it does.
 */
final class DeadLetterRecords implements KafkaRecordSerializationSchema<DeadLetter> {

    /** The message is in the letter too. */
    private static final int MESSAGE_CHARACTERS = 1_000;

    /** Lengths take more bytes once there is something that they tell of. */
    private static final int LENGTHS = 64;

    private final OutputTopic topic;
    private final int schemaId;

    private transient RecordLimit limit;

    DeadLetterRecords(OutputTopic topic, int schemaId) {
        this.topic = topic;
        this.schemaId = schemaId;
    }

    @Override
    public void open(InitializationContext context, KafkaSinkContext sink) throws IOException {
        open(topic.limit(Topic.DEAD_LETTERS.largest().withoutLabels()));
    }

    void open(RecordLimit known) {
        limit = known;
    }

    @Override
    public ProducerRecord<byte[], byte[]> serialize(
            DeadLetter letter, KafkaSinkContext context, Long timestamp) {
        ProducerRecord<byte[], byte[]> whole = record(letter);
        if (limit.admits(whole)) {
            return whole;
        }
        int bare = RecordLimit.size(record(CutLetter.of(letter, topic.name(), 0)));
        return record(CutLetter.of(letter, topic.name(), limit.bytes() - bare - LENGTHS));
    }

    private ProducerRecord<byte[], byte[]> record(DeadLetter letter) {
        ProducerRecord<byte[], byte[]> written =
                new ProducerRecord<>(
                        topic.name(),
                        Topic.DEAD_LETTERS.key().of(letter),
                        WireFormat.encode(schemaId, letter));
        describe(letter, written.headers());
        return written;
    }

    private static void describe(DeadLetter letter, Headers headers) {
        headers.add("error.reason", text(letter.getReason()));
        headers.add("error.message", text(Excerpt.cut(letter.getMessage(), MESSAGE_CHARACTERS)));
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
}
