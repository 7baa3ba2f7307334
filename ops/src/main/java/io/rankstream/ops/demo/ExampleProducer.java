package io.rankstream.ops.demo;

import io.rankstream.job.config.KafkaSettings;
import io.rankstream.job.registry.WireFormat;
import io.rankstream.schemas.LabeledExample;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Sends labeled examples in Confluent's wire format, keyed by adapter. */
public final class ExampleProducer {

    private ExampleProducer() {}

    /**
     * Sends {@code examples} in their order and returns when all are stored.
     *
     * @param schemaId registered id of the examples' schema
     */
    public static void send(
            KafkaSettings kafka, String topic, int schemaId, List<LabeledExample> examples)
            throws ExecutionException, InterruptedException {
        Map<String, Object> options = kafka.clientProperties();
        options.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        List<Future<RecordMetadata>> stored = new ArrayList<>();
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(
                        options, new ByteArraySerializer(), new ByteArraySerializer())) {
            for (LabeledExample example : examples) {
                byte[] key = example.getAdapterId().getBytes(StandardCharsets.UTF_8);
                byte[] value = WireFormat.encode(schemaId, example);
                stored.add(producer.send(new ProducerRecord<>(topic, key, value)));
            }
            producer.flush();
            for (Future<RecordMetadata> one : stored) {
                one.get();
            }
        }
    }
}
