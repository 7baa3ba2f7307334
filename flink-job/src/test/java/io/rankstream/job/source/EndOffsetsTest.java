package io.rankstream.job.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer.PartitionOffsetsRetriever;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class EndOffsetsTest {

    private static final TopicPartition PARTITION = new TopicPartition("commands", 0);

    /** A mark instead would be looked up again by a job that restarts before its first record. */
    @Test
    void areNumbersThatACheckpointKeeps() {
        Map<TopicPartition, Long> offsets =
                new EndOffsets().getPartitionOffsets(List.of(PARTITION), new EndAt(42));

        assertThat(offsets).containsExactly(Map.entry(PARTITION, 42L));
    }

    /** A topic that ends at one offset in every partition. */
    private record EndAt(long offset) implements PartitionOffsetsRetriever {

        @Override
        public Map<TopicPartition, Long> endOffsets(Collection<TopicPartition> partitions) {
            return Map.of(PARTITION, offset);
        }

        @Override
        public Map<TopicPartition, Long> committedOffsets(Collection<TopicPartition> partitions) {
            throw new AssertionError("nobody asks for committed offsets");
        }

        @Override
        public Map<TopicPartition, Long> beginningOffsets(Collection<TopicPartition> partitions) {
            throw new AssertionError("nobody asks for the beginning");
        }

        @Override
        public Map<TopicPartition, OffsetAndTimestamp> offsetsForTimes(
                Map<TopicPartition, Long> timestamps) {
            throw new AssertionError("nobody asks for times");
        }
    }
}
