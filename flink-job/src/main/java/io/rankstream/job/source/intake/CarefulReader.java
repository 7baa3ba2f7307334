package io.rankstream.job.source.intake;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;

/**
 * Reads one record after the other, where records together were more than the memory holds, and
 * finds those that alone are. For use by one thread.
 */
public final class CarefulReader implements AutoCloseable {

    private static final Duration POLL = Duration.ofMillis(200);
    private static final long SILENCE_SECONDS = 30;
    private static final int MOST_RECORDS = 500;

    private final Intake intake;
    private final KafkaConsumer<byte[], byte[]> consumer;

    /**
     * What there is of a partition.
     *
     * @param records those that could be read, in their order
     * @param unread those behind them that could not
     * @param next where the partition is read on
     */
    public record Found(
            List<ConsumerRecord<byte[], byte[]>> records, Optional<UnreadRange> unread, long next) {

        public boolean isNothing() {
            return records.isEmpty() && unread.isEmpty();
        }
    }

    /**
     * @param properties of the consumer whose place it takes
     * @param intake for its own use
     */
    public CarefulReader(Properties properties, Intake intake) {
        this.intake = intake;
        Properties careful = new Properties();
        careful.putAll(intake.of(properties));
        careful.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 1);
        careful.put(
                CommonClientConfigs.CLIENT_ID_CONFIG,
                properties.getProperty(CommonClientConfigs.GROUP_ID_CONFIG) + "-careful");
        this.consumer = new KafkaConsumer<>(careful);
    }

    /**
     * Reads a partition until there is enough to hand over.
     *
     * @param from offset of a record, or behind the last one
     * @param stopping offset at which reading stops
     */
    public Found read(TopicPartition partition, long from, long stopping) {
        consumer.assign(List.of(partition));
        long end = Math.min(stopping, consumer.endOffsets(List.of(partition)).get(partition));
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        long next = from;
        long bytes = 0;
        consumer.seek(partition, from);
        while (records.size() < MOST_RECORDS && bytes < Intake.MOST_PART_BYTES) {
            try {
                Optional<ConsumerRecord<byte[], byte[]>> read = next(partition, end);
                if (read.isEmpty()) {
                    break;
                }
                records.add(read.get());
                next = read.get().offset() + 1;
                bytes += bytes(read.get());
            } catch (OutOfMemoryError e) {
                long behind = firstThatCanBeRead(partition, next, end);
                return new Found(
                        records, Optional.of(UnreadRange.of(partition, next, behind)), behind);
            }
        }
        return new Found(records, Optional.empty(), next);
    }

    /**
     * A batch is unpacked from its beginning, so all that follow a record that is too large are out
     * of reach, and none behind their batch is.
     *
     * @param unread a record that cannot be read
     */
    private long firstThatCanBeRead(TopicPartition partition, long unread, long end) {
        long out = unread;
        long step = 1;
        while (out + step < end && !canRead(partition, out + step, end)) {
            out += step;
            step *= 2;
        }
        long in = Math.min(out + step, end);
        while (in - out > 1) {
            long middle = out + (in - out) / 2;
            if (canRead(partition, middle, end)) {
                in = middle;
            } else {
                out = middle;
            }
        }
        return in;
    }

    private boolean canRead(TopicPartition partition, long offset, long end) {
        try {
            consumer.seek(partition, offset);
            var unused = next(partition, end);
            return true;
        } catch (OutOfMemoryError e) {
            return false;
        }
    }

    /** The next record; empty if none comes before {@code end}. */
    private Optional<ConsumerRecord<byte[], byte[]>> next(TopicPartition partition, long end) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(SILENCE_SECONDS);
        while (consumer.position(partition) < end && System.nanoTime() < deadline) {
            intake.begin();
            for (ConsumerRecord<byte[], byte[]> read : consumer.poll(POLL)) {
                return Optional.of(read).filter(it -> it.offset() < end);
            }
        }
        return Optional.empty();
    }

    private static long bytes(ConsumerRecord<byte[], byte[]> read) {
        return (read.key() == null ? 0 : read.key().length)
                + (read.value() == null ? 0 : read.value().length)
                + (long) Intake.bytes(read.headers());
    }

    @Override
    public void close() {
        consumer.close();
    }
}
