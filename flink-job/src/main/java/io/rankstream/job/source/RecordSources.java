package io.rankstream.job.source;

import io.rankstream.job.config.settings.KafkaSettings;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;

/** The topics that the pipeline reads, every committed record of them, undecoded. */
public final class RecordSources {
    private RecordSources() {}

    /** Source of the labeled examples on {@code topic}. */
    public static TopicSource examples(KafkaSettings settings, String topic) {
        return new TopicSource(settings, topic, startingOffsets(settings));
    }

    /** Source of the inputs without a label on {@code topic}. */
    public static TopicSource inputs(KafkaSettings settings, String topic) {
        return new TopicSource(settings, topic, startingOffsets(settings));
    }

    /** Source of the votes on {@code topic}. */
    public static TopicSource votes(KafkaSettings settings, String topic) {
        return new TopicSource(settings, topic, startingOffsets(settings));
    }

    /**
     * Source of the commands on {@code topic}. A command is for the adapters as they are, so a job
     * without a checkpoint reads those that come after its start.
     */
    public static TopicSource commands(KafkaSettings settings, String topic) {
        return new TopicSource(settings, topic, new EndOffsets());
    }

    private static OffsetsInitializer startingOffsets(KafkaSettings settings) {
        return switch (settings.startingOffsets()) {
            case EARLIEST -> OffsetsInitializer.earliest();
            case LATEST -> new EndOffsets();
        };
    }
}
