package io.rankstream.ops.job;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.rankstream.job.RankstreamJob;
import io.rankstream.job.config.ConfigFile;
import io.rankstream.job.config.JobConfig;
import io.rankstream.job.preflight.PreflightException;
import io.rankstream.job.registry.SchemaRegistry;
import io.rankstream.job.registry.WireFormat;
import io.rankstream.job.topic.Topic;
import io.rankstream.ops.cli.CommandRun;
import io.rankstream.ops.fault.Await;
import io.rankstream.ops.run.RunningJob;
import io.rankstream.ops.topic.TopicReader;
import io.rankstream.schemas.InputPrediction;
import io.rankstream.schemas.LabelOutcome;
import io.rankstream.schemas.LabelRequest;
import io.rankstream.schemas.LabelVote;
import io.rankstream.schemas.LabeledExample;
import io.rankstream.schemas.OutcomeStatus;
import io.rankstream.schemas.TrainingReport;
import io.rankstream.schemas.UnlabeledInput;
import io.rankstream.schemas.VoteKind;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.avro.specific.SpecificRecordBase;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Inputs without labels, people's votes, and what is learned from them, through a real broker. */
@Timeout(300)
class LabelingLoopIT {

    private static final String OPTIONS =
            """
            batch.max-examples: 1
            batch.linger: 0 s
            training.labels: [ham, spam]
            loop.mode: train
            loop.budget-share: 1
            """;

    private static final String LEAVING =
            OPTIONS.lines()
                    .filter(line -> !line.startsWith("loop."))
                    .collect(joining("\n", "", "\n"));

    private static final String CONSENT = "flink.execution.state-recovery.ignore-unclaimed-state";

    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    @TempDir Path folder;

    @Test
    void anInputIsPredictedAskedForDecidedLearnedAndCorrected() throws Exception {
        try (JobFixture job = JobFixture.start(folder, OPTIONS);
                KafkaProducer<byte[], byte[]> producer = producer(job)) {
            learnFromVotes(job, producer);
            joinWithoutLearning(job);
        }
    }

    @Test
    void aJobLeavesTheLoopOnlyWhenToldToAndCountsNothingTwiceWhenItComesBack() throws Exception {
        try (JobFixture job = JobFixture.start(folder, OPTIONS);
                KafkaProducer<byte[], byte[]> producer = producer(job)) {
            JobClient asking = RankstreamJob.start(job.config());
            send(job.config(), producer, Topic.UNLABELED_INPUTS, input("x1"));
            LabelRequest request = await(job, Topic.LABEL_REQUESTS, 1).get(0);
            send(job.config(), producer, Topic.LABELS, vote(request, 1, "spam"));
            await(job, Topic.TRAINING_REPORTS, 1);
            awaitGroupOffsets(job, 1, Topic.UNLABELED_INPUTS, Topic.LABELS);
            String asked = savepoint(asking);

            assertThatThrownBy(() -> RankstreamJob.start(goingOn(job, asked, LEAVING)))
                    .isInstanceOf(PreflightException.class)
                    .hasMessageContaining("asked people, and loop.mode is none now")
                    .hasMessageContaining(CONSENT);
            JobClient learning =
                    RankstreamJob.start(goingOn(job, asked, LEAVING + CONSENT + ": true\n"));
            send(job.config(), producer, Topic.LABELED_EXAMPLES, labeled("x3"));
            await(job, Topic.TRAINING_REPORTS, 2);
            String left = savepoint(learning);

            JobClient back = RankstreamJob.start(goingOn(job, left, OPTIONS));
            send(job.config(), producer, Topic.UNLABELED_INPUTS, input("x2"));
            assertThat(await(job, Topic.LABEL_REQUESTS, 2))
                    .extracting(LabelRequest::getExampleId)
                    .containsExactly("x1", "x2");
            savepoint(back);
            assertThat(read(job, Topic.LABEL_REQUESTS)).hasSize(2);
            assertThat(read(job, Topic.INPUT_PREDICTIONS)).hasSize(2);
            assertThat(read(job, Topic.LABEL_OUTCOMES)).hasSize(1);
            assertThat(read(job, Topic.TRAINING_REPORTS)).hasSize(2);
            assertThat(read(job, Topic.DEAD_LETTERS)).isEmpty();
        }
    }

    private static void awaitGroupOffsets(JobFixture job, long count, Topic<?>... topics)
            throws Exception {
        try (Admin admin =
                Admin.create(Map.of("bootstrap.servers", job.stack().bootstrapServers()))) {
            for (Topic<?> topic : topics) {
                String name = job.config().topics().of(topic);
                Await.until(
                        "the group has committed offsets of " + name,
                        () ->
                                admin
                                                .listConsumerGroupOffsets(
                                                        job.config().kafka().groupId())
                                                .partitionsToOffsetAndMetadata()
                                                .get()
                                                .entrySet()
                                                .stream()
                                                .filter(each -> each.getKey().topic().equals(name))
                                                .mapToLong(each -> each.getValue().offset())
                                                .sum()
                                        == count);
            }
        }
    }

    private String savepoint(JobClient running) throws Exception {
        return running.stopWithSavepoint(
                        false, folder.toUri().toString(), SavepointFormatType.CANONICAL)
                .get();
    }

    /** The job's configuration with other options, from a state. */
    private JobConfig goingOn(JobFixture job, String state, String options) throws Exception {
        Path file = folder.resolve("going-on.yaml");
        Files.writeString(
                file,
                Files.readString(job.configFile()).replace(OPTIONS, options)
                        + "flink.execution.state-recovery.path: %s\n".formatted(state));
        return ConfigFile.load(file);
    }

    private void learnFromVotes(JobFixture job, KafkaProducer<byte[], byte[]> producer)
            throws Exception {
        try (RunningJob running = RunningJob.start(job.config())) {
            send(job.config(), producer, Topic.UNLABELED_INPUTS, input("x1"));
            send(job.config(), producer, Topic.UNLABELED_INPUTS, input("x2"));
            List<LabelRequest> requests = await(job, Topic.LABEL_REQUESTS, 2);
            assertThat(requests).extracting(LabelRequest::getLabels).containsOnly(labels());
            assertThat(read(job, Topic.INPUT_PREDICTIONS))
                    .extracting(InputPrediction::getPrior, InputPrediction::getSelected)
                    .containsOnly(tuple(true, true));

            for (LabelRequest request : requests) {
                send(job.config(), producer, Topic.LABELS, vote(request, 1, "spam"));
            }
            assertThat(await(job, Topic.LABEL_OUTCOMES, 2))
                    .extracting(LabelOutcome::getStatus)
                    .containsOnly(OutcomeStatus.FINAL);
            assertThat(await(job, Topic.TRAINING_REPORTS, 2))
                    .last()
                    .returns(2L, TrainingReport::getStep);

            send(job.config(), producer, Topic.LABELS, vote(requests.get(0), 2, "ham"));
            assertThat(await(job, Topic.LABEL_OUTCOMES, 3))
                    .last()
                    .returns(OutcomeStatus.CORRECTED, LabelOutcome::getStatus)
                    .returns("ham", LabelOutcome::getLabel);
            await(job, Topic.TRAINING_REPORTS, 3);
            assertThat(running.hasEnded()).isFalse();
        }
        assertThat(read(job, Topic.DEAD_LETTERS)).isEmpty();
    }

    /** The same inputs and votes, in a job of its own that needs no model and no folder. */
    private void joinWithoutLearning(JobFixture job) throws Exception {
        Path file = folder.resolve("only.yaml");
        Files.writeString(
                file,
                """
                kafka.bootstrap-servers: %s
                kafka.group-id: joiner
                kafka.bounded: true
                registry.url: %s
                flink.execution.checkpointing.interval: 1 s
                flink.execution.checkpointing.dir: '%s'
                loop.mode: only
                loop.budget-share: 1
                """
                        .formatted(
                                job.stack().bootstrapServers(),
                                job.stack().registryUrl(),
                                folder.resolve("only-checkpoints").toUri()));

        CommandRun run = CommandRun.of("run", "--config", file.toString());

        assertThat(run.exitCode()).as(run.err()).isZero();
        List<LabelOutcome> all = read(job, Topic.LABEL_OUTCOMES);
        assertThat(all.subList(3, all.size()))
                .extracting(LabelOutcome::getStatus, LabelOutcome::getPredictedLabel)
                .contains(tuple(OutcomeStatus.FINAL, null));
    }

    private static List<String> labels() {
        return List.of("ham", "spam");
    }

    private static UnlabeledInput input(String id) {
        return UnlabeledInput.newBuilder()
                .setExampleId(id)
                .setAdapterId("mail")
                .setText("win a free phone, " + id)
                .setEventTime(NOW)
                .build();
    }

    private static LabeledExample labeled(String id) {
        return LabeledExample.newBuilder()
                .setExampleId(id)
                .setAdapterId("mail")
                .setText("lunch at noon, " + id)
                .setLabel("ham")
                .setEventTime(NOW)
                .build();
    }

    private static LabelVote vote(LabelRequest request, long revision, String label) {
        return LabelVote.newBuilder()
                .setLabelId("ann")
                .setRevision(revision)
                .setExampleId(request.getExampleId())
                .setAdapterId(request.getAdapterId())
                .setRequestId(request.getRequestId())
                .setAnnotator("ann")
                .setKind(VoteKind.VOTE)
                .setLabel(label)
                .setLabelRevision(request.getLabelRevision())
                .setLabeledAt(NOW.plusSeconds(revision))
                .build();
    }

    private static KafkaProducer<byte[], byte[]> producer(JobFixture job) {
        return new KafkaProducer<>(
                Map.of("bootstrap.servers", job.stack().bootstrapServers()),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    private static <T extends SpecificRecordBase> void send(
            JobConfig config, KafkaProducer<byte[], byte[]> producer, Topic<T> topic, T value)
            throws Exception {
        try (SchemaRegistry registry = new SchemaRegistry(config.registry())) {
            String name = config.topics().of(topic);
            byte[] bytes = WireFormat.encode(registry.idOf(name, topic.schema()), value);
            producer.send(new ProducerRecord<>(name, topic.key().of(value), bytes))
                    .get(30, TimeUnit.SECONDS);
        }
    }

    private static <T extends SpecificRecordBase> List<T> read(JobFixture job, Topic<T> topic) {
        return job.committed(job.config().topics().of(topic), topic.schema());
    }

    private static <T extends SpecificRecordBase> List<T> await(
            JobFixture job, Topic<T> topic, int count) {
        List<T> found = new ArrayList<>();
        try (TopicReader<T> reader =
                TopicReader.committed(
                        job.stack().bootstrapServers(),
                        job.config().topics().of(topic),
                        topic.schema())) {
            while (found.size() < count) {
                found.addAll(reader.poll());
            }
        }
        return found;
    }
}
