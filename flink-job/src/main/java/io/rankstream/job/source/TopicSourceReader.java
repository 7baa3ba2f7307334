package io.rankstream.job.source;

import io.rankstream.job.record.RawRecord;
import io.rankstream.job.source.split.TopicSplitState;
import io.rankstream.job.source.watch.BrokerSilentException;
import io.rankstream.job.source.watch.InputGap;
import io.rankstream.job.source.watch.InputWatch;
import io.rankstream.job.source.watch.TopicLookup;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.apache.flink.api.connector.source.SourceReaderContext;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.connector.base.source.reader.RecordsWithSplitIds;
import org.apache.flink.connector.base.source.reader.synchronization.FutureCompletingBlockingQueue;
import org.apache.flink.connector.kafka.source.metrics.KafkaSourceReaderMetrics;
import org.apache.flink.connector.kafka.source.reader.KafkaSourceReader;
import org.apache.flink.connector.kafka.source.reader.fetcher.KafkaSourceFetcherManager;
import org.apache.flink.connector.kafka.source.split.KafkaPartitionSplit;
import org.apache.flink.connector.kafka.source.split.KafkaPartitionSplitState;
import org.apache.flink.util.FlinkRuntimeException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetCommitCallback;
import org.apache.kafka.common.TopicPartition;

/**
 * Reads the partitions of one subtask. Before it begins with one, at a start or after a restore, it
 * looks at what the broker has of it.
 */
@SuppressWarnings("try") // Flink declares that closing may be interrupted
final class TopicSourceReader extends KafkaSourceReader<RawRecord> {

    private final TopicLookup lookup;
    private final InputWatch watch;

    private TopicSourceReader(
            FutureCompletingBlockingQueue<RecordsWithSplitIds<ConsumerRecord<byte[], byte[]>>>
                    queue,
            Properties properties,
            SourceReaderContext context,
            KafkaSourceReaderMetrics metrics,
            TopicLookup lookup,
            InputWatch watch) {
        super(
                queue,
                new KafkaSourceFetcherManager(
                        queue,
                        () -> new TopicPartitionReader(properties, context, metrics, watch),
                        finished -> {}) {
                    @Override
                    public void commitOffsets(
                            Map<TopicPartition, OffsetAndMetadata> offsets,
                            OffsetCommitCallback told) {
                        super.commitOffsets(
                                offsets, new ExplainedCommit(told, metrics::recordFailedCommit));
                    }
                },
                new TopicRecordEmitter(),
                Configuration.fromMap(asMap(properties)),
                context,
                metrics);
        this.lookup = lookup;
        this.watch = watch;
    }

    /**
     * Reader of a subtask.
     *
     * @param properties of a consumer that does not reset an offset by itself
     * @param lookup is closed with the reader
     * @param told is given every gap, by several threads
     */
    static TopicSourceReader of(
            Properties properties,
            SourceReaderContext context,
            TopicLookup lookup,
            Consumer<InputGap> told) {
        return new TopicSourceReader(
                new FutureCompletingBlockingQueue<>(),
                properties,
                context,
                new KafkaSourceReaderMetrics(context.metricGroup()),
                lookup,
                new InputWatch(lookup, told));
    }

    private static Map<String, String> asMap(Properties properties) {
        return properties.stringPropertyNames().stream()
                .collect(Collectors.toMap(name -> name, properties::getProperty));
    }

    @Override
    public void addSplits(List<KafkaPartitionSplit> splits) {
        List<KafkaPartitionSplit> located = new ArrayList<>();
        try {
            for (KafkaPartitionSplit split : splits) {
                located.add(watch.locate(split));
            }
        } catch (BrokerSilentException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new FlinkRuntimeException("interrupted while asking the broker for topics", e);
        }
        super.addSplits(located);
    }

    @Override
    protected KafkaPartitionSplitState initializedState(KafkaPartitionSplit split) {
        return new TopicSplitState(split);
    }

    @Override
    protected KafkaPartitionSplit toSplitType(String splitId, KafkaPartitionSplitState state) {
        return ((TopicSplitState) state).split();
    }

    @Override
    public void close() throws Exception {
        try {
            super.close();
        } finally {
            lookup.close();
        }
    }
}
