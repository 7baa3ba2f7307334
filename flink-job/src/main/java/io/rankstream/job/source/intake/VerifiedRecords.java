package io.rankstream.job.source.intake;

import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.flink.connector.base.source.reader.RecordsWithSplitIds;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;

/** Fetched records of the partitions whose topic is still the one that was read before. */
public final class VerifiedRecords implements RecordsWithSplitIds<ConsumerRecord<byte[], byte[]>> {

    private final RecordsWithSplitIds<ConsumerRecord<byte[], byte[]>> fetched;
    private final Set<String> leftOut;
    private final Map<String, Uuid> topicIds;
    private final Map<TopicPartition, Long> positions;

    private Uuid topicId;

    /**
     * @param leftOut splits whose records are not handed out, and which are not finished
     * @param topicIds ids by split
     * @param positions is told the offset after each record that is handed out; safe for several
     *     threads
     */
    public VerifiedRecords(
            RecordsWithSplitIds<ConsumerRecord<byte[], byte[]>> fetched,
            Set<String> leftOut,
            Map<String, Uuid> topicIds,
            Map<TopicPartition, Long> positions) {
        this.fetched = fetched;
        this.leftOut = Set.copyOf(leftOut);
        this.topicIds = topicIds;
        this.positions = positions;
    }

    @Override
    public String nextSplit() {
        String split = fetched.nextSplit();
        while (split != null && leftOut.contains(split)) {
            split = fetched.nextSplit();
        }
        topicId = split == null ? null : topicIds.get(split);
        return split;
    }

    @Override
    public ConsumerRecord<byte[], byte[]> nextRecordFromSplit() {
        ConsumerRecord<byte[], byte[]> next = fetched.nextRecordFromSplit();
        if (next == null) {
            return null;
        }
        positions.put(new TopicPartition(next.topic(), next.partition()), next.offset() + 1);
        return TopicRecord.of(next, topicId);
    }

    @Override
    public Set<String> finishedSplits() {
        return fetched.finishedSplits().stream()
                .filter(split -> !leftOut.contains(split))
                .collect(Collectors.toSet());
    }

    @Override
    public void recycle() {
        fetched.recycle();
    }
}
