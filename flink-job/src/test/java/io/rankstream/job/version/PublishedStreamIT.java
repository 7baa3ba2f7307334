package io.rankstream.job.version;

import static org.assertj.core.api.Assertions.assertThat;

import io.rankstream.adapters.model.bert.TinyBert;
import io.rankstream.adapters.provenance.Manifest;
import io.rankstream.job.Learning;
import io.rankstream.job.Uids;
import io.rankstream.job.batch.Commands;
import io.rankstream.job.batch.Examples;
import io.rankstream.job.claim.JobClaim;
import io.rankstream.job.config.Defaults;
import io.rankstream.job.config.option.DeviceSetting;
import io.rankstream.job.config.settings.BatchSettings;
import io.rankstream.job.config.settings.ModelSettings;
import io.rankstream.job.config.settings.PublishSettings;
import io.rankstream.job.config.settings.TrainSettings;
import io.rankstream.job.encode.EncodedExample;
import io.rankstream.job.encode.EncodedExampleSerializer;
import io.rankstream.job.sink.KafkaBroker;
import io.rankstream.job.train.TrainOutputs;
import io.rankstream.schemas.AdapterVersion;
import io.rankstream.schemas.TrainingReport;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.configuration.StateBackendOptions;
import org.apache.flink.runtime.jobgraph.JobVertex;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From encoded examples to announced versions, in a real cluster of this JVM. */
class PublishedStreamIT {

    private static final String TOPIC = "adapter-versions";

    @TempDir private Path folder;

    @Test
    void announcesEveryVersionOfABoundedStreamOnce() throws Exception {
        try (KafkaBroker broker = KafkaBroker.start(folder.resolve("kafka"))) {
            broker.createCompacted(TOPIC, 1);
            StreamExecutionEnvironment environment =
                    StreamExecutionEnvironment.getExecutionEnvironment(configuration());
            build(environment, broker);

            environment.execute();

            List<AdapterVersion> versions =
                    Announcements.read(broker, TOPIC).stream().map(Announcements::decode).toList();
            assertThat(versions)
                    .extracting(v -> v.getAdapterId() + v.getVersion() + "@" + v.getStep())
                    .containsExactlyInAnyOrder("a1@3", "a2@6", "a3@7", "b1@3", "b2@5");
            for (AdapterVersion version : versions) {
                assertThat(Manifest.verify(Path.of(version.getPath()))).isEmpty();
            }
        }
    }

    @Test
    void trainsInTheTaskThatGathersTheMicroBatches() throws Exception {
        StreamExecutionEnvironment environment =
                StreamExecutionEnvironment.getExecutionEnvironment(configuration());
        DataStream<EncodedExample> examples = examples(environment);

        train(examples).sinkTo(new DiscardingSink<>());

        assertThat(environment.getStreamGraph().getJobGraph().getVertices())
                .extracting(JobVertex::getName)
                .anySatisfy(name -> assertThat(name).contains("micro-batch -> train"));
    }

    private void build(StreamExecutionEnvironment environment, KafkaBroker broker)
            throws Exception {
        SingleOutputStreamOperator<TrainingReport> reports = train(examples(environment));
        reports.sinkTo(new DiscardingSink<>());
        reports.getSideOutput(TrainOutputs.RELEASES)
                .sinkTo(
                        new AdapterVersionSink(
                                JobClaim.none(broker.settings()),
                                TOPIC,
                                publish(),
                                64,
                                Announcements.SCHEMA_ID));
    }

    private SingleOutputStreamOperator<TrainingReport> train(DataStream<EncodedExample> examples)
            throws Exception {
        Learning learning =
                new Learning(
                        new BatchSettings(2, 1000, Duration.ZERO, 1),
                        new ModelSettings(
                                TinyBert.small().writeTo(folder.resolve("model")),
                                64,
                                1,
                                DeviceSetting.parse("cpu"),
                                null),
                        new TrainSettings(1, 2, 0, Duration.ZERO),
                        Examples.any(Examples.TEMPLATE),
                        publish(),
                        1,
                        Defaults.CURRENT);
        return learning.train(
                        learning.microBatches(
                                        examples.keyBy(EncodedExample::adapterId, Types.STRING),
                                        Learning.ofCommands(Commands.none(examples)))
                                .name("micro-batch")
                                .uid(Uids.MICRO_BATCH))
                .name("train")
                .uid(Uids.TRAIN);
    }

    /** 13 examples of one adapter and 9 of another, so that the last micro-batches are partial. */
    private static DataStream<EncodedExample> examples(StreamExecutionEnvironment environment) {
        List<EncodedExample> examples = new ArrayList<>();
        for (int i = 0; i < 22; i++) {
            String adapterId = i % 2 == 0 || i > 17 ? "a" : "b";
            examples.add(Examples.of(adapterId, i, i % 2, 2, 50 + i % 7, 60 + i % 5, 3));
        }
        return environment.fromData(examples, EncodedExampleSerializer.TYPE);
    }

    private PublishSettings publish() {
        return new PublishSettings(folder.resolve("adapters").toString(), 3);
    }

    private Configuration configuration() {
        Configuration configuration = new Configuration();
        configuration.set(PipelineOptions.GENERIC_TYPES, false);
        configuration.set(RestartStrategyOptions.RESTART_STRATEGY, "none");
        configuration.set(StateBackendOptions.STATE_BACKEND, "rocksdb");
        configuration.set(CheckpointingOptions.CHECKPOINTING_INTERVAL, Duration.ofMillis(200));
        configuration.set(
                CheckpointingOptions.CHECKPOINTS_DIRECTORY,
                folder.resolve("checkpoints").toUri().toString());
        return configuration;
    }
}
