package io.rankstream.job.source;

import io.rankstream.job.config.settings.KafkaSettings;
import io.rankstream.job.record.RawRecord;
import io.rankstream.job.record.RawRecordDeserializer;
import io.rankstream.job.source.split.TopicSplitSerializer;
import io.rankstream.job.source.watch.InputGap;
import io.rankstream.job.source.watch.InputGaps;
import io.rankstream.job.source.watch.TopicLookup;
import java.io.IOException;
import java.util.Properties;
import java.util.function.Consumer;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.connector.source.Boundedness;
import org.apache.flink.api.connector.source.Source;
import org.apache.flink.api.connector.source.SourceReader;
import org.apache.flink.api.connector.source.SourceReaderContext;
import org.apache.flink.api.connector.source.SplitEnumerator;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.apache.flink.api.java.typeutils.ResultTypeQueryable;
import org.apache.flink.connector.kafka.source.KafkaSource;
import org.apache.flink.connector.kafka.source.KafkaSourceBuilder;
import org.apache.flink.connector.kafka.source.KafkaSourceOptions;
import org.apache.flink.connector.kafka.source.enumerator.KafkaSourceEnumState;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.flink.connector.kafka.source.split.KafkaPartitionSplit;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.consumer.ConsumerConfig;

/**
 * Every committed record of a topic, undecoded: Flink's own source, with a reader that tells what
 * of the topic is gone, and that never reads a topic which was made anew at the offsets of the old
 * one. Its state has the id of the topic; state of Flink's own source is restored, too.
 */
public final class TopicSource
        implements Source<RawRecord, KafkaPartitionSplit, KafkaSourceEnumState>,
                ResultTypeQueryable<RawRecord> {

    private static final long serialVersionUID = 1L;

    private final KafkaSettings settings;
    private final KafkaSource<RawRecord> source;

    /**
     * @param startingOffsets where a job without state begins
     */
    public TopicSource(KafkaSettings settings, String topic, OffsetsInitializer startingOffsets) {
        this.settings = settings;
        KafkaSourceBuilder<RawRecord> builder =
                KafkaSource.<RawRecord>builder()
                        .setTopics(topic)
                        .setStartingOffsets(startingOffsets)
                        .setDeserializer(new RawRecordDeserializer())
                        .setProperties(consumer(settings));
        if (settings.bounded()) {
            builder.setBounded(OffsetsInitializer.latest());
        }
        this.source = builder.build();
    }

    private static Properties consumer(KafkaSettings settings) {
        Properties properties = new Properties();
        properties.putAll(settings.consumerProperties());
        properties.setProperty(CommonClientConfigs.GROUP_ID_CONFIG, settings.groupId());
        return properties;
    }

    @Override
    public Boundedness getBoundedness() {
        return source.getBoundedness();
    }

    @Override
    public SourceReader<RawRecord, KafkaPartitionSplit> createReader(SourceReaderContext context) {
        return createReader(context, new InputGaps(context.metricGroup()));
    }

    TopicSourceReader createReader(SourceReaderContext context, Consumer<InputGap> told) {
        Properties properties = consumer(settings);
        properties.setProperty(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
        properties.putIfAbsent(KafkaSourceOptions.CLIENT_ID_PREFIX.key(), settings.groupId());
        return TopicSourceReader.of(properties, context, new TopicLookup(settings), told);
    }

    @Override
    public SplitEnumerator<KafkaPartitionSplit, KafkaSourceEnumState> createEnumerator(
            SplitEnumeratorContext<KafkaPartitionSplit> context) {
        return source.createEnumerator(context);
    }

    @Override
    public SplitEnumerator<KafkaPartitionSplit, KafkaSourceEnumState> restoreEnumerator(
            SplitEnumeratorContext<KafkaPartitionSplit> context, KafkaSourceEnumState state)
            throws IOException {
        return source.restoreEnumerator(context, state);
    }

    @Override
    public SimpleVersionedSerializer<KafkaPartitionSplit> getSplitSerializer() {
        return new TopicSplitSerializer();
    }

    @Override
    public SimpleVersionedSerializer<KafkaSourceEnumState> getEnumeratorCheckpointSerializer() {
        return source.getEnumeratorCheckpointSerializer();
    }

    @Override
    public TypeInformation<RawRecord> getProducedType() {
        return source.getProducedType();
    }
}
