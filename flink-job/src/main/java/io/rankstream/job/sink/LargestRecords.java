package io.rankstream.job.sink;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.rankstream.job.config.settings.ConfiguredAdapters;
import io.rankstream.job.topic.Topic;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;

/** Whether topics take the largest records that the job writes to them. */
public final class LargestRecords {

    /** Length of a label, beside its bytes. */
    private static final long LABEL_OVERHEAD = 5;

    private LargestRecords() {}

    /** Of the largest record of a topic, with the labels that are configured. */
    public static long of(Topic<?> topic, ConfiguredAdapters adapters) {
        return topic.largest().withoutLabels()
                + switch (topic.largest().labels()) {
                    case NONE -> 0;
                    case TWO ->
                            2
                                    * most(
                                            adapters,
                                            labels ->
                                                    labels.mapToLong(LargestRecords::bytes)
                                                            .max()
                                                            .orElse(0));
                    case ALL ->
                            most(adapters, labels -> labels.mapToLong(LargestRecords::bytes).sum());
                };
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
