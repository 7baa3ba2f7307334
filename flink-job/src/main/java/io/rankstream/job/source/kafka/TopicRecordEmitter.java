package io.rankstream.job.source.kafka;

import io.rankstream.job.source.RawRecord;
import io.rankstream.job.source.RawRecordDeserializer;
import org.apache.flink.api.connector.source.SourceOutput;
import org.apache.flink.connector.kafka.source.reader.KafkaRecordEmitter;
import org.apache.flink.connector.kafka.source.split.KafkaPartitionSplitState;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Hands a record on, and notes offset and topic together. */
final class TopicRecordEmitter extends KafkaRecordEmitter<RawRecord> {

    TopicRecordEmitter() {
        super(new RawRecordDeserializer());
    }

    @Override
    public void emitRecord(
            ConsumerRecord<byte[], byte[]> read,
            SourceOutput<RawRecord> output,
            KafkaPartitionSplitState state)
            throws Exception {
        super.emitRecord(read, output, state);
        ((TopicSplitState) state).readOf(((TopicRecord) read).topicId());
    }
}
