package io.rankstream.ops.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.rankstream.job.topic.Topic;
import io.rankstream.ops.cli.CommandRun;
import io.rankstream.ops.demo.MailStream;
import io.rankstream.ops.stack.Distribution;
import io.rankstream.ops.stack.FlinkProcesses;
import io.rankstream.ops.topic.TopicReader;
import io.rankstream.schemas.AdapterVersion;
import io.rankstream.schemas.DeadLetter;
import io.rankstream.schemas.LabeledExample;
import io.rankstream.schemas.Prediction;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(600)
class ClusterSubmissionIT {

    private static final Pattern SAVEPOINT = Pattern.compile("in the savepoint (\\S+)");

    private static final String ADAPTERS =
            """
            batch.max-examples: 1
            batch.linger: 0 s
            adapters:
              spam: {labels: [ham, spam]}
              list: {labels: [%s]}
            """;

    @TempDir Path folder;

    @Test
    void theJobJarLearnsFromEveryExampleOnceOnProcessesOfFlinkAcrossASavepoint() throws Exception {
        MailStream mails = MailStream.open();
        List<LabeledExample> examples = mails.examples(64);
        String adapters = ADAPTERS.formatted(String.join(", ", mails.labels().get("list")));
        try (JobFixture job = JobFixture.start(folder, adapters);
                FlinkProcesses flink =
                        FlinkProcesses.start(Distribution.locate(), folder.resolve("flink"))) {
            Path file =
                    Files.writeString(
                            folder.resolve("cluster.yaml"),
                            Files.readString(job.configFile())
                                    + "flink.rest.address: %s%nflink.rest.port: %d%n"
                                            .formatted(
                                                    flink.rest().getHost(),
                                                    flink.rest().getPort()));
            send(job, examples.subList(0, 32));
            flink.submit(file);
            awaitPrediction(job, examples.subList(0, 32));
            CommandRun stopped = stop(file, "--savepoint", folder.resolve("savepoints").toString());
            Matcher savepoint = SAVEPOINT.matcher(stopped.out());
            assertThat(savepoint.find()).as(stopped.out() + stopped.err()).isTrue();
            send(job, examples.subList(32, 64));

            flink.submit(file, "--resume"); // from the savepoint, which "stop" has noted
            awaitPrediction(job, examples.subList(63, 64));
            assertThat(stopped.out()).contains("Go on with: ");
            assertThat(stop(file, "--drain").out())
                    .contains("The job has stopped")
                    .doesNotContain("Go on with");

            List<Prediction> predictions =
                    job.committed(
                            job.config().topics().of(Topic.PREDICTIONS),
                            Prediction.getClassSchema());
            assertThat(predictions)
                    .extracting(Prediction::getExampleId)
                    .containsExactlyInAnyOrderElementsOf(
                            examples.stream().map(LabeledExample::getExampleId).toList());
            List<DeadLetter> deadLetters =
                    job.committed(
                            job.config().topics().of(Topic.DEAD_LETTERS),
                            DeadLetter.getClassSchema());
            assertThat(deadLetters).isEmpty();
            List<AdapterVersion> versions =
                    job.committed(
                            job.config().topics().of(Topic.ADAPTER_VERSIONS),
                            AdapterVersion.getClassSchema());
            assertThat(versions)
                    .extracting(AdapterVersion::getAdapterId)
                    .containsOnly(adaptersOf(examples));
            assertThat(versions)
                    .allSatisfy(
                            version ->
                                    assertThat(Path.of(version.getPath()).resolve("manifest.json"))
                                            .isRegularFile());
        }
    }

    private static CommandRun stop(Path file, String... options) {
        List<String> line = new ArrayList<>(List.of("stop", "--config", file.toString()));
        line.addAll(List.of(options));
        CommandRun run = CommandRun.of(line.toArray(String[]::new));
        assertThat(run.exitCode()).as(run.err()).isZero();
        return run;
    }

    private static void send(JobFixture job, List<LabeledExample> examples) throws Exception {
        for (LabeledExample example : examples) {
            job.send(example.getAdapterId(), job.encoded(example));
        }
    }

    /** Waits until a checkpoint has committed a prediction of one of some examples. */
    private static void awaitPrediction(JobFixture job, List<LabeledExample> examples) {
        Set<String> awaited =
                examples.stream().map(LabeledExample::getExampleId).collect(Collectors.toSet());
        try (TopicReader<Prediction> predictions =
                TopicReader.live(
                        job.stack().bootstrapServers(),
                        job.config().topics().of(Topic.PREDICTIONS),
                        Prediction.getClassSchema())) {
            boolean found = false;
            while (!found) {
                found =
                        predictions.poll().stream()
                                .anyMatch(
                                        prediction -> awaited.contains(prediction.getExampleId()));
            }
        }
    }

    private static String[] adaptersOf(List<LabeledExample> examples) {
        return examples.stream()
                .map(LabeledExample::getAdapterId)
                .distinct()
                .toArray(String[]::new);
    }
}
