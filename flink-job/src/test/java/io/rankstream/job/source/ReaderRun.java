package io.rankstream.job.source;

import io.rankstream.job.config.settings.KafkaSettings;
import io.rankstream.job.record.RawRecord;
import io.rankstream.job.source.watch.InputGap;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.apache.flink.api.common.eventtime.Watermark;
import org.apache.flink.api.connector.source.ReaderOutput;
import org.apache.flink.api.connector.source.SourceEvent;
import org.apache.flink.api.connector.source.SourceOutput;
import org.apache.flink.api.connector.source.SourceReaderContext;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.flink.connector.kafka.source.split.KafkaPartitionSplit;
import org.apache.flink.core.io.InputStatus;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.apache.flink.metrics.groups.SourceReaderMetricGroup;
import org.apache.flink.metrics.groups.UnregisteredMetricsGroup;
import org.apache.flink.util.SimpleUserCodeClassLoader;
import org.apache.flink.util.UserCodeClassLoader;

/** A reader of a topic, outside of a job; its state goes through the serializer of the source. */
final class ReaderRun implements AutoCloseable {

    private static final long LIMIT_SECONDS = 60;

    private final SimpleVersionedSerializer<KafkaPartitionSplit> serializer;
    private final TopicSourceReader reader;
    private final Records records = new Records();
    private final List<InputGap> gaps = new CopyOnWriteArrayList<>();
    private boolean ended;

    ReaderRun(KafkaSettings settings, String topic, List<KafkaPartitionSplit> splits) {
        TopicSource source = new TopicSource(settings, topic, OffsetsInitializer.earliest());
        this.serializer = source.getSplitSerializer();
        this.reader = source.createReader(new Context(), gaps::add);
        reader.start();
        reader.addSplits(splits);
    }

    /** What was handed out, in its order, as "partition:offset". */
    List<String> read() {
        return records.read.stream().map(r -> r.partition() + ":" + r.offset()).toList();
    }

    List<RawRecord> records() {
        return List.copyOf(records.read);
    }

    /** Values that were handed out, as texts. */
    List<String> values() {
        return records.read.stream()
                .map(r -> new String(r.value(), StandardCharsets.UTF_8))
                .toList();
    }

    List<InputGap> gaps() {
        return List.copyOf(gaps);
    }

    ReaderRun awaitRead(int count) throws Exception {
        return await(() -> records.read.size() >= count);
    }

    ReaderRun awaitGaps(int count) throws Exception {
        return await(() -> gaps.size() >= count);
    }

    /** Reads until the input has ended. */
    ReaderRun awaitEnd() throws Exception {
        reader.notifyNoMoreSplits();
        return await(() -> ended);
    }

    private ReaderRun await(BooleanSupplier condition) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_SECONDS);
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("read %s, told %s".formatted(read(), gaps));
            }
            ended = reader.pollNext(records) == InputStatus.END_OF_INPUT;
        }
        return this;
    }

    /** State as a checkpoint would have it. */
    List<KafkaPartitionSplit> state() throws Exception {
        List<KafkaPartitionSplit> restored = new ArrayList<>();
        for (KafkaPartitionSplit split : reader.snapshotState(1)) {
            restored.add(
                    serializer.deserialize(serializer.getVersion(), serializer.serialize(split)));
        }
        return restored;
    }

    @Override
    public void close() {
        try {
            reader.close();
        } catch (Exception e) {
            throw new IllegalStateException("the reader does not close", e);
        }
    }

    private static final class Records implements ReaderOutput<RawRecord> {

        private final List<RawRecord> read = new ArrayList<>();

        @Override
        public void collect(RawRecord read) {
            this.read.add(read);
        }

        @Override
        public void collect(RawRecord read, long timestamp) {
            this.read.add(read);
        }

        @Override
        public void emitWatermark(Watermark watermark) {}

        @Override
        public void markIdle() {}

        @Override
        public void markActive() {}

        @Override
        public SourceOutput<RawRecord> createOutputForSplit(String splitId) {
            return this;
        }

        @Override
        public void releaseOutputForSplit(String splitId) {}
    }

    private static final class Context implements SourceReaderContext {

        private final SourceReaderMetricGroup metrics =
                UnregisteredMetricsGroup.createSourceReaderMetricGroup();

        @Override
        public SourceReaderMetricGroup metricGroup() {
            return metrics;
        }

        @Override
        public Configuration getConfiguration() {
            return new Configuration();
        }

        @Override
        public String getLocalHostName() {
            return "localhost";
        }

        @Override
        public int getIndexOfSubtask() {
            return 0;
        }

        @Override
        public void sendSplitRequest() {}

        @Override
        public void sendSourceEventToCoordinator(SourceEvent event) {}

        @Override
        public UserCodeClassLoader getUserCodeClassLoader() {
            return SimpleUserCodeClassLoader.create(getClass().getClassLoader());
        }
    }
}
