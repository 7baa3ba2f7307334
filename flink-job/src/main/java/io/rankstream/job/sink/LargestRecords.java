package io.rankstream.job.sink;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.rankstream.job.config.ConfiguredAdapters;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;

/**
 * Bytes of the largest records that the job writes. Ids, messages, labels and topics have a limit,
 * so these do; a dead letter can be cut down to its own.
 */
public final class LargestRecords {

    /** Of a prediction without its labels: an id and the name of a topic. */
    public static final int PREDICTION_WITHOUT_LABELS = 16 << 10;

    /** Of a training report: an id, a message and the ranks of all modules. */
    public static final int TRAINING_REPORT = 32 << 10;

    /** Of a dead letter that holds nothing of its record but where it lay. */
    public static final int BARE_DEAD_LETTER = 32 << 10;

    private static final int ANNOUNCEMENT_WITHOUT_LABELS = 32 << 10;

    /** Length of a label, beside its bytes. */
    private static final long LABEL_OVERHEAD = 5;

    private LargestRecords() {}

    /** Of a prediction: it has the true label and the predicted one. */
    public static long prediction(ConfiguredAdapters adapters) {
        return PREDICTION_WITHOUT_LABELS
                + 2
                        * most(
                                adapters,
                                labels -> labels.mapToLong(LargestRecords::bytes).max().orElse(0));
    }

    /** Of the announcement of a version, which has all labels. */
    public static long announcement(ConfiguredAdapters adapters) {
        return ANNOUNCEMENT_WITHOUT_LABELS
                + most(adapters, labels -> labels.mapToLong(LargestRecords::bytes).sum());
    }

    private static long most(ConfiguredAdapters adapters, ToLongFunction<Stream<String>> bytes) {
        return adapters.all()
                .mapToLong(settings -> bytes.applyAsLong(settings.template().labels().stream()))
                .max()
                .orElse(0);
    }

    private static long bytes(String label) {
        return label.getBytes(UTF_8).length + LABEL_OVERHEAD;
    }

    /** What is wrong with a topic that does not take the largest record, and what to do. */
    public static String tooSmall(String topic, RecordLimit limit, long least) {
        return limit.producerBytes() < least
                ? "the producer of topic '%s' sends records of %,d bytes at most, expected %,d: raise max.request.size and buffer.memory in kafka.properties, or remove them"
                        .formatted(topic, limit.producerBytes(), least)
                : "topic '%s' takes records of %,d bytes at most, expected %,d with the labels that are configured: raise its max.message.bytes"
                        .formatted(topic, limit.bytes(), least);
    }
}
