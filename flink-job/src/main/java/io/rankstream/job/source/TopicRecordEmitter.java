package io.rankstream.job.source;

import io.rankstream.job.record.RawRecord;
import io.rankstream.job.record.RawRecordDeserializer;
import io.rankstream.job.source.intake.TopicRecord;
import io.rankstream.job.source.split.TopicSplitState;
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
