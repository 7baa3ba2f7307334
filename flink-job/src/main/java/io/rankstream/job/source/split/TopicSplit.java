package io.rankstream.job.source.split;

import java.util.Objects;
import org.apache.flink.connector.kafka.source.split.KafkaPartitionSplit;
import org.apache.kafka.common.Uuid;

/** A partition, where to read it, and the topic that its offsets belong to. */
public final class TopicSplit extends KafkaPartitionSplit {

    private final Uuid topicId;

    /**
     * @param topicId null if not known: of a split that was never read, or was written before ids
     *     were kept
     */
    public TopicSplit(KafkaPartitionSplit split, Uuid topicId) {
        this(split, split.getStartingOffset(), stopping(split), topicId);
    }

    /** {@code split} between other offsets. */
    public TopicSplit(
            KafkaPartitionSplit split, long startingOffset, long stoppingOffset, Uuid topicId) {
        super(split.getTopicPartition(), startingOffset, stoppingOffset);
        this.topicId = topicId;
    }

    public static Uuid topicId(KafkaPartitionSplit split) {
        return split instanceof TopicSplit known ? known.topicId : null;
    }

    public static long stopping(KafkaPartitionSplit split) {
        return split.getStoppingOffset().orElse(NO_STOPPING_OFFSET);
    }

    @Override
    public boolean equals(Object other) {
        return super.equals(other)
                && other instanceof TopicSplit split
                && Objects.equals(topicId, split.topicId);
    }

    @Override
    public int hashCode() {
        return super.hashCode();
    }
}
