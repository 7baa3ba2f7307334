package io.rankstream.ops.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.rankstream.ops.demo.MailStream;
import io.rankstream.ops.stack.Distribution;
import io.rankstream.ops.stack.FlinkProcesses;
import io.rankstream.schemas.AdapterVersion;
import io.rankstream.schemas.DeadLetter;
import io.rankstream.schemas.LabeledExample;
import io.rankstream.schemas.Prediction;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClusterSubmissionIT {

    private static final String ADAPTERS =
            """
            kafka.bounded: true
            batch.linger: 0 s
            adapters:
              spam: {labels: [ham, spam]}
              list: {labels: [%s]}
            """;

    @TempDir Path folder;

    @Test
    void theJobJarLearnsFromEveryExampleOnceOnProcessesOfFlink() throws Exception {
        MailStream mails = MailStream.open();
        List<LabeledExample> examples = mails.examples(64);
        String adapters = ADAPTERS.formatted(String.join(", ", mails.labels().get("list")));
        try (JobFixture job = JobFixture.start(folder, adapters);
                FlinkProcesses flink =
                        FlinkProcesses.start(Distribution.locate(), folder.resolve("flink"))) {
            for (LabeledExample example : examples) {
                job.send(example.getAdapterId(), job.encoded(example));
            }

            int exitCode = flink.run(job.configFile(), Duration.ofMinutes(5));

            assertThat(exitCode).as(flink.output()).isZero();
            List<Prediction> predictions =
                    job.committed(job.config().topics().predictions(), Prediction.getClassSchema());
            assertThat(predictions)
                    .extracting(Prediction::getExampleId)
                    .containsExactlyInAnyOrderElementsOf(
                            examples.stream().map(LabeledExample::getExampleId).toList());
            List<DeadLetter> deadLetters =
                    job.committed(job.config().topics().deadLetters(), DeadLetter.getClassSchema());
            assertThat(deadLetters).isEmpty();
            List<AdapterVersion> versions =
                    job.committed(
                            job.config().topics().adapterVersions(),
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

    private static String[] adaptersOf(List<LabeledExample> examples) {
        return examples.stream()
                .map(LabeledExample::getAdapterId)
                .distinct()
                .toArray(String[]::new);
    }
}
