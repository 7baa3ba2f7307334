package io.rankstream.job.source;

import io.rankstream.job.config.KafkaSettings;
import java.util.Properties;
import org.apache.flink.connector.kafka.source.KafkaSource;
import org.apache.flink.connector.kafka.source.KafkaSourceBuilder;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.kafka.clients.consumer.ConsumerConfig;

/** The topics that the pipeline reads, every committed record of them, undecoded. */
public final class RecordSources {
    private RecordSources() {}

    /** Source of the labeled examples on {@code topic}. */
    public static KafkaSource<RawRecord> examples(KafkaSettings settings, String topic) {
        return source(settings, topic, startingOffsets(settings));
    }

    /**
     * Source of the commands on {@code topic}. A command is for the adapters as they are, so a job
     * without a checkpoint reads those that come after its start.
     */
    public static KafkaSource<RawRecord> commands(KafkaSettings settings, String topic) {
        return source(settings, topic, new EndOffsets());
    }

    private static KafkaSource<RawRecord> source(
            KafkaSettings settings, String topic, OffsetsInitializer startingOffsets) {
        Properties properties = new Properties();
        properties.putAll(settings.properties());
        properties.setProperty(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        KafkaSourceBuilder<RawRecord> source =
                KafkaSource.<RawRecord>builder()
                        .setBootstrapServers(settings.bootstrapServers())
                        .setGroupId(settings.groupId())
                        .setTopics(topic)
                        .setStartingOffsets(startingOffsets)
                        .setDeserializer(new RawRecordDeserializer())
                        .setProperties(properties);
        if (settings.bounded()) {
            source.setBounded(OffsetsInitializer.latest());
        }
        return source.build();
    }

    private static OffsetsInitializer startingOffsets(KafkaSettings settings) {
        return switch (settings.startingOffsets()) {
            case EARLIEST -> OffsetsInitializer.earliest();
            case LATEST -> new EndOffsets();
        };
    }
}
