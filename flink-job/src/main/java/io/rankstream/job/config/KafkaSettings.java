package io.rankstream.job.config;

import java.io.Serializable;
import java.time.Duration;
import java.util.Map;
import java.util.TreeSet;

/**
 * Broker and source.
 *
 * @param bootstrapServers host:port pairs, comma-separated
 * @param properties options for every Kafka client, e.g. security
 * @param groupId consumer group, also the prefix of transactional ids
 * @param startingOffsets where a job without a checkpoint starts
 * @param bounded whether the job ends at the offsets that were newest when it started
 * @param transactionTimeout how long the broker keeps an open transaction; above checkpoint
 *     interval plus restart time
 */
public record KafkaSettings(
        String bootstrapServers,
        Map<String, String> properties,
        String groupId,
        StartingOffsets startingOffsets,
        boolean bounded,
        Duration transactionTimeout)
        implements Serializable {

    /** Where a job without a checkpoint starts to read. */
    public enum StartingOffsets {
        EARLIEST,
        LATEST
    }

    public KafkaSettings {
        properties = Map.copyOf(properties);
    }

    /** Names the properties without their values, which may be secrets. */
    @Override
    public String toString() {
        return ("KafkaSettings[bootstrapServers=%s, properties=%s, groupId=%s,"
                        + " startingOffsets=%s, bounded=%s, transactionTimeout=%s]")
                .formatted(
                        bootstrapServers,
                        new TreeSet<>(properties.keySet()),
                        groupId,
                        startingOffsets,
                        bounded,
                        transactionTimeout);
    }
}
