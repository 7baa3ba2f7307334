package io.rankstream.job.source.kafka;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.Uuid;

/** A record of a topic that was looked at after the record had been fetched. */
final class TopicRecord extends ConsumerRecord<byte[], byte[]> {

    private final Uuid topicId;

    TopicRecord(ConsumerRecord<byte[], byte[]> read, Uuid topicId) {
        super(
                read.topic(),
                read.partition(),
                read.offset(),
                read.timestamp(),
                read.timestampType(),
                read.serializedKeySize(),
                read.serializedValueSize(),
                read.key(),
                read.value(),
                read.headers(),
                read.leaderEpoch());
        this.topicId = topicId;
    }

    /** Id of its topic. */
    Uuid topicId() {
        return topicId;
    }
}
