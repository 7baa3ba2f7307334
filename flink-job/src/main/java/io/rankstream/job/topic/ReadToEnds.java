package io.rankstream.job.topic;

import java.time.Duration;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;

/**
 * Reads partitions up to given ends, and no longer than something arrives. For use by one thread.
 */
public final class ReadToEnds {

    private static final Duration POLL = Duration.ofMillis(200);

    private final Consumer<byte[], byte[]> consumer;
    private final Map<TopicPartition, Long> ends;
    private final Duration stallLimit;

    private long missing;
    private long lastProgress = System.nanoTime();

    /**
     * Begins where {@code consumer} is.
     *
     * @param ends the offset behind the last record of each partition; partitions that the consumer
     *     is assigned
     * @param stallLimit longest time in which nothing arrives
     */
    public ReadToEnds(
            Consumer<byte[], byte[]> consumer,
            Map<TopicPartition, Long> ends,
            Duration stallLimit) {
        this.consumer = consumer;
        this.ends = Map.copyOf(ends);
        this.stallLimit = stallLimit;
        this.missing = missing();
    }

    /** Whether every end is reached. */
    public boolean isDone() {
        return missing == 0;
    }

    /**
     * The next records; none where nothing arrives for a moment. What has come in behind an end may
     * be among them.
     *
     * @throws ReadingStalledException if nothing has arrived for too long
     */
    public ConsumerRecords<byte[], byte[]> poll() throws ReadingStalledException {
        ConsumerRecords<byte[], byte[]> records = consumer.poll(POLL);
        long left = missing();
        if (left < missing) {
            lastProgress = System.nanoTime();
        } else if (System.nanoTime() - lastProgress > stallLimit.toNanos()) {
            throw new ReadingStalledException(stallLimit, left);
        }
        missing = left;
        return records;
    }

    private long missing() {
        return ends.entrySet().stream()
                .mapToLong(end -> Math.max(0, end.getValue() - consumer.position(end.getKey())))
                .sum();
    }
}
