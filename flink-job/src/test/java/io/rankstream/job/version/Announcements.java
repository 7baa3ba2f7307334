package io.rankstream.job.version;

import io.rankstream.job.registry.WireFormat;
import io.rankstream.job.sink.KafkaBroker;
import io.rankstream.schemas.AdapterVersion;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.avro.specific.SpecificDatumReader;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Announced versions as a consumer sees them. */
final class Announcements {

    /** Id that the announcements of tests carry. */
    static final int SCHEMA_ID = 77;

    private Announcements() {}

    /** Every committed record, partition after partition in order. */
    static List<ConsumerRecord<byte[], byte[]>> read(KafkaBroker broker, String topic) {
        Map<String, Object> properties =
                Map.of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        broker.settings().bootstrapServers(),
                        ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                        "read_committed");
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(
                        properties, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions =
                    consumer.partitionsFor(topic).stream()
                            .map(info -> new TopicPartition(topic, info.partition()))
                            .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            // The markers of transactions have offsets too.
            while (ends.entrySet().stream()
                    .anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                consumer.poll(Duration.ofMillis(100)).forEach(records::add);
            }
        }
        return records;
    }

    static AdapterVersion decode(ConsumerRecord<byte[], byte[]> record) {
        try {
            return WireFormat.decode(
                    record.value(), new SpecificDatumReader<>(AdapterVersion.class));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
