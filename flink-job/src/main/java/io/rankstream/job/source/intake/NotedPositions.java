package io.rankstream.job.source.intake;

import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerInterceptor;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/** Tells an {@link Intake} what its consumer has handed over. */
public final class NotedPositions implements ConsumerInterceptor<byte[], byte[]> {

    private Intake intake;

    @Override
    public void configure(Map<String, ?> options) {
        intake = (Intake) options.get(Intake.OPTION);
    }

    @Override
    public ConsumerRecords<byte[], byte[]> onConsume(ConsumerRecords<byte[], byte[]> records) {
        records.nextOffsets()
                .forEach((partition, next) -> intake.readOnAt(partition, next.offset()));
        return records;
    }

    @Override
    public void onCommit(Map<TopicPartition, OffsetAndMetadata> offsets) {}

    @Override
    public void close() {}
}
