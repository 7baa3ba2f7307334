package io.rankstream.job.source;

import io.rankstream.job.config.KafkaSettings;
import java.util.Properties;
import org.apache.flink.connector.kafka.source.KafkaSource;
import org.apache.flink.connector.kafka.source.KafkaSourceBuilder;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.OffsetResetStrategy;

/** The labeled examples as they lie on Kafka. */
public final class ExampleSource {
    private ExampleSource() {}

    /** Source of every committed record of {@code topic}, undecoded. */
    public static KafkaSource<RawRecord> of(KafkaSettings settings, String topic) {
        Properties properties = new Properties();
        properties.putAll(settings.properties());
        properties.setProperty(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        KafkaSourceBuilder<RawRecord> source =
                KafkaSource.<RawRecord>builder()
                        .setBootstrapServers(settings.bootstrapServers())
                        .setGroupId(settings.groupId())
                        .setTopics(topic)
                        .setStartingOffsets(startingOffsets(settings))
                        .setDeserializer(new RawRecordDeserializer())
                        .setProperties(properties);
        if (settings.bounded()) {
            source.setBounded(OffsetsInitializer.latest());
        }
        return source.build();
    }

    @SuppressWarnings("deprecation") // Kafka's own enum is what Flink's connector asks for
    private static OffsetsInitializer startingOffsets(KafkaSettings settings) {
        return switch (settings.startingOffsets()) {
            case EARLIEST -> OffsetsInitializer.earliest();
            case LATEST -> OffsetsInitializer.latest();
            case COMMITTED -> OffsetsInitializer.committedOffsets(OffsetResetStrategy.EARLIEST);
        };
    }
}
