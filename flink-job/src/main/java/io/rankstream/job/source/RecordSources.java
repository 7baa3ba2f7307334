package io.rankstream.job.source;

import io.rankstream.job.config.settings.KafkaSettings;
import org.apache.flink.configuration.ReadableConfig;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;

/** The topics that the pipeline reads, every committed record of them, undecoded. */
public final class RecordSources {
    private RecordSources() {}

    /** Source of the labeled examples on {@code topic}. */
    public static TopicSource examples(KafkaSettings settings, String topic) {
        return new TopicSource(settings, topic, startingOffsets(settings));
    }

    /**
     * Source of the inputs without a label, or of the votes, on {@code topic}, which a job may have
     * left unread for a while.
     *
     * @param flink tells whether the job goes on from state
     */
    public static TopicSource ofLoop(KafkaSettings settings, String topic, ReadableConfig flink) {
        OffsetsInitializer starting = startingOffsets(settings);
        boolean goesOn = flink.getOptional(StateRecoveryOptions.SAVEPOINT_PATH).isPresent();
        return new TopicSource(settings, topic, goesOn ? new GroupOffsets(starting) : starting);
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
