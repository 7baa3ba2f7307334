package io.rankstream.ops.dlq.replay;

import io.rankstream.adapters.weights.Sha256;
import io.rankstream.job.config.settings.KafkaSettings;
import io.rankstream.ops.dlq.DeadLetterException;
import io.rankstream.ops.dlq.LetterBytes;
import io.rankstream.ops.dlq.Origin;
import io.rankstream.ops.dlq.RefusedRecord;
import io.rankstream.ops.dlq.StoredLetter;
import io.rankstream.schemas.DeadLetter;
import io.rankstream.schemas.Digest;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/**
 * Refused records where they lay, for letters that hold their beginning alone. It joins no group
 * and commits no offsets. For use by one thread.
 */
final class OriginalRecords implements AutoCloseable {

    private static final Duration POLL = Duration.ofMillis(200);

    private final KafkaSettings kafka;
    private Consumer<byte[], byte[]> consumer;

    OriginalRecords(KafkaSettings kafka) {
        this.kafka = kafka;
    }

    /**
     * The record that a letter tells of; empty if it is no longer where it was, or is another one
     * by now.
     *
     * @throws DeadLetterException if the broker cannot be used
     */
    Optional<RefusedRecord> find(StoredLetter stored) throws DeadLetterException {
        try {
            if (consumer == null) {
                consumer = new KafkaConsumer<>(options());
            }
            return read(stored.origin())
                    .filter(read -> isThat(read, stored.letter()))
                    .map(RefusedRecord::of);
        } catch (KafkaException e) {
            throw new DeadLetterException(kafka.unusable(e), e);
        }
    }

    private Optional<ConsumerRecord<byte[], byte[]>> read(Origin origin) {
        TopicPartition partition = new TopicPartition(origin.topic(), origin.partition());
        if (consumer.partitionsFor(origin.topic()).stream()
                .noneMatch(info -> info.partition() == origin.partition())) {
            return Optional.empty();
        }
        List<TopicPartition> one = List.of(partition);
        if (origin.offset() < consumer.beginningOffsets(one).get(partition)
                || origin.offset() >= consumer.endOffsets(one).get(partition)) {
            return Optional.empty();
        }
        consumer.assign(one);
        consumer.seek(partition, origin.offset());
        while (consumer.position(partition) <= origin.offset()) {
            for (ConsumerRecord<byte[], byte[]> read : consumer.poll(POLL)) {
                return Optional.of(read).filter(found -> found.offset() == origin.offset());
            }
        }
        return Optional.empty(); // compacted away
    }

    private static boolean isThat(ConsumerRecord<byte[], byte[]> read, DeadLetter letter) {
        return isThat(read.key(), letter.getKey(), letter.getWholeKey())
                && isThat(read.value(), letter.getValue(), letter.getWholeValue());
    }

    private static boolean isThat(byte[] read, ByteBuffer kept, Digest whole) {
        return whole == null
                ? Arrays.equals(read, LetterBytes.of(kept))
                : read != null
                        && read.length == whole.getLength()
                        && Sha256.of(read).equals(whole.getSha256());
    }

    private Map<String, Object> options() {
        Map<String, Object> options = kafka.impatientConsumerProperties();
        options.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
        options.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 1);
        return options;
    }

    @Override
    public void close() {
        if (consumer != null) {
            consumer.close();
        }
    }
}
