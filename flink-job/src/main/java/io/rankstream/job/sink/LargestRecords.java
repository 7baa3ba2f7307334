package io.rankstream.job.sink;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.rankstream.adapters.training.AdapterTemplate;
import io.rankstream.job.config.AdapterTemplates;
import java.util.List;
import java.util.stream.Stream;

/**
 * Bytes of the largest records that the job writes. Ids, messages, labels and topics have a limit,
 * so these do; a dead letter can be cut down to its own.
 */
public final class LargestRecords {

    /** Of a prediction: an id, two labels and the name of a topic. */
    public static final int PREDICTION = 16 << 10;

    /** Of a training report: an id, a message and the ranks of all modules. */
    public static final int TRAINING_REPORT = 32 << 10;

    /** Of a dead letter that holds nothing of its record but where it lay. */
    public static final int BARE_DEAD_LETTER = 32 << 10;

    private static final int ANNOUNCEMENT_WITHOUT_LABELS = 32 << 10;

    /** Length of a label, beside its bytes. */
    private static final int LABEL_OVERHEAD = 5;

    private LargestRecords() {}

    /** Of the announcement of a version. */
    public static long announcement(AdapterTemplates templates) {
        return ANNOUNCEMENT_WITHOUT_LABELS
                + Stream.concat(
                                templates.byAdapter().values().stream(),
                                Stream.ofNullable(templates.fallback()))
                        .map(AdapterTemplate::labels)
                        .mapToLong(LargestRecords::bytes)
                        .max()
                        .orElse(0);
    }

    private static long bytes(List<String> labels) {
        return labels.stream()
                .mapToLong(label -> label.getBytes(UTF_8).length + LABEL_OVERHEAD)
                .sum();
    }

    /** What is wrong with a topic that does not take the largest record, and what to do. */
    public static String tooSmall(String topic, RecordLimit limit, long least) {
        return limit.producerBytes() < least
                ? "the producer of topic '%s' sends records of %,d bytes at most, expected %,d: raise max.request.size and buffer.memory in kafka.properties, or remove them"
                        .formatted(topic, limit.producerBytes(), least)
                : "topic '%s' takes records of %,d bytes at most, expected %,d: raise its max.message.bytes"
                        .formatted(topic, limit.bytes(), least);
    }
}
