package io.rankstream.job.source;

import java.util.Collection;
import java.util.Map;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.kafka.clients.consumer.OffsetResetStrategy;
import org.apache.kafka.common.TopicPartition;

/**
 * Starts at the end that a topic has when the job starts. Flink's own initializer hands out a mark
 * for it, which stays in the checkpoints until the first record: a job that fails before would look
 * for the end anew, and leave out what had come meanwhile.
 */
final class EndOffsets implements OffsetsInitializer {

    private static final long serialVersionUID = 1L;

    @Override
    public Map<TopicPartition, Long> getPartitionOffsets(
            Collection<TopicPartition> partitions, PartitionOffsetsRetriever offsets) {
        return offsets.endOffsets(partitions);
    }

    /** For a partition whose records have been deleted up to a later offset. */
    @Override
    @SuppressWarnings("deprecation") // Kafka's own enum is what Flink's connector asks for
    public OffsetResetStrategy getAutoOffsetResetStrategy() {
        return OffsetResetStrategy.EARLIEST;
    }
}
