package io.rankstream.ops.job;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;

import io.rankstream.adapters.snapshot.AdapterSnapshot;
import io.rankstream.job.RankstreamJob;
import io.rankstream.job.config.ConfigFile;
import io.rankstream.job.config.JobConfig;
import io.rankstream.job.preflight.TopicCreation;
import io.rankstream.job.topic.Topic;
import io.rankstream.ops.demo.MailStream;
import io.rankstream.ops.topic.TopicReader;
import io.rankstream.schemas.LabeledExample;
import io.rankstream.schemas.Prediction;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.core.execution.SavepointFormatType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A run that is stopped with a savepoint and restored ends as one that never stopped. */
@Timeout(300)
class ContinuationIT {

    private static final int EXAMPLES = 400;
    private static final int BATCH = 4;
    private static final String ROCKSDB = "rocksdb";
    private static final String NUMBERS = "length";

    @TempDir private static Path folder;

    private static JobFixture fixture;
    private static Map<String, List<String>> labels;
    private static List<LabeledExample> examples;
    private static Map<String, byte[]> uninterrupted;

    @BeforeAll
    static void runWithoutAnInterruption() throws Exception {
        MailStream mails = MailStream.open();
        labels = mails.labels();
        examples = withLengths(mails.examples(EXAMPLES));
        fixture = JobFixture.start(folder, "adapters: {spam: {labels: [ham, spam]}}");
        for (LabeledExample example : examples) {
            fixture.send(example.getAdapterId(), fixture.encoded(example));
        }
        JobConfig config = config("uninterrupted", ROCKSDB, "");
        JobClient job = RankstreamJob.start(config);
        awaitPredictions(config, predictedBeforeTheEnd());
        drain(job);
        uninterrupted = snapshots("uninterrupted");
    }

    /** Every tenth mail teaches another adapter a number, too. */
    private static List<LabeledExample> withLengths(List<LabeledExample> mails) {
        List<LabeledExample> all = new ArrayList<>();
        for (int i = 0; i < mails.size(); i++) {
            LabeledExample mail = mails.get(i);
            all.add(mail);
            if (i % 10 == 0) {
                all.add(
                        LabeledExample.newBuilder(mail)
                                .setExampleId(mail.getExampleId() + "-length")
                                .setAdapterId(NUMBERS)
                                .setLabel(mail.getText().length() / 1000.)
                                .build());
            }
        }
        return all;
    }

    @AfterAll
    static void close() {
        fixture.close();
    }

    @ParameterizedTest
    @CsvSource({"rocksdb, rocksdb, NATIVE", "rocksdb, hashmap, CANONICAL"})
    void everyAdapterEndsWithTheSameBits(String before, String after, SavepointFormatType format)
            throws Exception {
        assertSameBits(before, after, format);
    }

    /** Of the heap backend, which few use; the operators' own tests run on both. */
    @Tag("nightly")
    @ParameterizedTest
    @CsvSource({"hashmap, rocksdb, CANONICAL", "hashmap, hashmap, NATIVE"})
    void everyAdapterFromTheHeapEndsWithTheSameBits(
            String before, String after, SavepointFormatType format) throws Exception {
        assertSameBits(before, after, format);
    }

    private void assertSameBits(String before, String after, SavepointFormatType format)
            throws Exception {
        String name = "%s-%s-%s".formatted(before, after, format);
        JobConfig first = config(name, before, "");
        JobClient stopped = RankstreamJob.start(first);
        awaitPredictions(first, 10);
        String savepoint =
                stopped.stopWithSavepoint(false, folder.resolve("savepoints").toString(), format)
                        .get();
        assertThat(committed(first)).isNotEmpty().hasSizeLessThan(examples.size() / 2);

        JobConfig second =
                config(name, after, "flink.execution.state-recovery.path: '" + savepoint + "'");
        JobClient restored = RankstreamJob.start(second);
        awaitPredictions(second, predictedBeforeTheEnd());
        drain(restored);

        assertThat(committed(second))
                .extracting(Prediction::getExampleId)
                .containsExactlyInAnyOrderElementsOf(
                        examples.stream().map(LabeledExample::getExampleId).toList());
        Map<String, byte[]> interrupted = snapshots(name);
        assertThat(interrupted).containsOnlyKeys(uninterrupted.keySet());
        interrupted.forEach(
                (adapter, state) ->
                        assertThat(state).as(adapter).isEqualTo(uninterrupted.get(adapter)));
    }

    /** Configuration of a job whose topics are there. */
    private static JobConfig config(String name, String backend, String more) throws Exception {
        JobConfig config =
                ConfigFile.parse(
                        """
                kafka.bootstrap-servers: %1$s
                kafka.group-id: %2$s
                registry.url: %3$s
                topics.predictions: predictions-%2$s
                topics.training-reports: training-reports-%2$s
                topics.command-answers: command-answers-%2$s
                topics.drift-events: drift-events-%2$s
                topics.adapter-versions: adapter-versions-%2$s
                topics.dead-letters: dead-letters-%2$s
                model.max-length: 16
                batch.max-examples: %4$d
                batch.linger: 0 s
                publish.directory: '%5$s'
                training.budget.warmup-steps: 10
                training.budget.ramp-steps: 40
                training.dropout: 0.1
                adapters:
                  spam: {labels: [ham, spam]}
                  list: {labels: [%6$s]}
                  length: {task: regression}
                flink:
                  state.backend.type: %7$s
                  execution.checkpointing.interval: 1 s
                  execution.checkpointing.dir: '%8$s'
                  restart-strategy.type: none
                %9$s
                """
                                .formatted(
                                        fixture.stack().bootstrapServers(),
                                        name,
                                        fixture.stack().registryUrl(),
                                        BATCH,
                                        published(name),
                                        String.join(", ", labels.get("list")),
                                        backend,
                                        folder.resolve("checkpoints").toUri(),
                                        more),
                        name);
        TopicCreation.createMissing(config.kafka(), config.topics(), config.usedTopics());
        return config;
    }

    private static Path published(String name) {
        return folder.resolve("adapters-" + name);
    }

    /** Examples in micro-batches that close by count; the rest waits for the end of the stream. */
    private static int predictedBeforeTheEnd() {
        return examples.stream()
                .collect(groupingBy(LabeledExample::getAdapterId, counting()))
                .values()
                .stream()
                .mapToInt(count -> (int) (count / BATCH * BATCH))
                .sum();
    }

    private static void awaitPredictions(JobConfig config, int count) {
        try (TopicReader<Prediction> predictions =
                TopicReader.live(
                        fixture.stack().bootstrapServers(),
                        config.topics().of(Topic.PREDICTIONS),
                        Prediction.getClassSchema())) {
            int seen = 0;
            while (seen < count) {
                seen += predictions.poll().size();
            }
        }
    }

    private static List<Prediction> committed(JobConfig config) {
        return fixture.committed(
                config.topics().of(Topic.PREDICTIONS), Prediction.getClassSchema());
    }

    private static void drain(JobClient job) throws Exception {
        job.stopWithSavepoint(
                        true, folder.resolve("drained").toString(), SavepointFormatType.CANONICAL)
                .get();
        job.getJobExecutionResult().get();
    }

    /** The whole state of each adapter at its only version, which the end of the stream takes. */
    private static Map<String, byte[]> snapshots(String name) throws Exception {
        Map<String, byte[]> snapshots = new TreeMap<>();
        for (String adapter : List.of("list", NUMBERS, "spam")) {
            Path version = published(name).resolve(adapter).resolve("v00000001");
            snapshots.put(adapter, Files.readAllBytes(version.resolve(AdapterSnapshot.FILE)));
        }
        return snapshots;
    }
}
