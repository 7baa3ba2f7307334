package io.rankstream.job.source.intake;

import io.rankstream.job.record.PartialRecord;
import io.rankstream.job.record.Unread;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeaders;

/** A record of which nothing is known but its place. */
final class UnreadRecord extends PartialRecord {

    UnreadRecord(TopicPartition partition, long offset, Unread unread) {
        super(
                new ConsumerRecord<>(partition.topic(), partition.partition(), offset, null, null),
                new RecordHeaders(),
                unread);
    }
}
