package io.rankstream.job.source;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.kafka.clients.consumer.OffsetResetStrategy;
import org.apache.kafka.common.TopicPartition;

/**
 * Starts where the job's consumer group has come to in a topic. For a job that goes on from state
 * in which nobody reads the topic: it may have been read before, by the same job, and what it had
 * read then is not to count again.
 *
 * @param otherwise where to start in partitions that the group has not read
 */
record GroupOffsets(OffsetsInitializer otherwise) implements OffsetsInitializer {

    private static final long serialVersionUID = 1L;

    @Override
    public Map<TopicPartition, Long> getPartitionOffsets(
            Collection<TopicPartition> partitions, PartitionOffsetsRetriever offsets) {
        Map<TopicPartition, Long> found = new HashMap<>(offsets.committedOffsets(partitions));
        Set<TopicPartition> others =
                partitions.stream()
                        .filter(partition -> !found.containsKey(partition))
                        .collect(Collectors.toSet());
        if (!others.isEmpty()) {
            found.putAll(otherwise.getPartitionOffsets(others, offsets));
        }
        return found;
    }

    /** For a partition whose records have been deleted up to a later offset. */
    @Override
    @SuppressWarnings("deprecation") // Kafka's own enum is what Flink's connector asks for
    public OffsetResetStrategy getAutoOffsetResetStrategy() {
        return OffsetResetStrategy.EARLIEST;
    }
}
