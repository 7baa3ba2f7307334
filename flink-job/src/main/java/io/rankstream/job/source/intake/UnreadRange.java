package io.rankstream.job.source.intake;

import io.rankstream.job.record.Unread;
import java.util.List;
import java.util.stream.LongStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * Records that do not fit into memory once they are unpacked, with those behind them in their
 * batch.
 *
 * @param partition where they lie
 * @param from first offset
 * @param to offset behind the last one
 * @param why what the operator and the dead letters are told
 */
public record UnreadRange(TopicPartition partition, long from, long to, String why) {

    static UnreadRange of(TopicPartition partition, long from, long to) {
        String why =
                "topic '%s', partition %d, has at %s a batch that unpacks to more than this process has memory for (its heap has at most %,d MB), so it was not read: to learn from such a batch, start with more memory before it comes, or have its producer send smaller records"
                        .formatted(
                                partition.topic(),
                                partition.partition(),
                                to - from == 1
                                        ? "offset %,d".formatted(from)
                                        : "offsets %,d to %,d".formatted(from, to - 1),
                                Runtime.getRuntime().maxMemory() >> 20);
        return new UnreadRange(partition, from, to, why);
    }

    public boolean isEmpty() {
        return from >= to;
    }

    /** The first {@code count} of them, as far as there are so many. */
    public List<ConsumerRecord<byte[], byte[]>> first(int count) {
        return LongStream.range(from, behind(count).from())
                .<ConsumerRecord<byte[], byte[]>>mapToObj(
                        offset -> new UnreadRecord(partition, offset, Unread.wholly(why)))
                .toList();
    }

    /** What is left behind the first {@code count} of them. */
    public UnreadRange behind(int count) {
        return new UnreadRange(partition, Math.min(to, from + count), to, why);
    }
}
