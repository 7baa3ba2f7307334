package io.rankstream.job.source.split;

import org.apache.flink.connector.kafka.source.split.KafkaPartitionSplit;
import org.apache.flink.connector.kafka.source.split.KafkaPartitionSplitState;
import org.apache.kafka.common.Uuid;

/** How far a partition was read, and of which topic. */
public final class TopicSplitState extends KafkaPartitionSplitState {

    private Uuid topicId;

    public TopicSplitState(KafkaPartitionSplit split) {
        super(split);
        this.topicId = TopicSplit.topicId(split);
    }

    /** Notes the topic that the current offset belongs to. */
    public void readOf(Uuid topic) {
        topicId = topic;
    }

    public TopicSplit split() {
        return new TopicSplit(toKafkaPartitionSplit(), topicId);
    }
}
