package io.rankstream.ops.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.rankstream.job.topic.Topic;
import io.rankstream.ops.cli.CommandRun;
import io.rankstream.ops.run.RunningJob;
import io.rankstream.schemas.DeadLetter;
import io.rankstream.schemas.Prediction;
import io.rankstream.schemas.Span;
import io.rankstream.schemas.TrainingReport;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.avro.specific.SpecificRecordBase;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A file of the form of CoNLL's, from the file through Kafka and Flink to entities. */
@Timeout(240)
class ConllIT {

    private static final int SENTENCES = 80;

    private static final List<String> PEOPLE =
            List.of("Anna", "Maria Lopez", "Peter", "John Smith", "Clara");
    private static final List<String> PLACES = List.of("Paris", "New York", "Lisbon", "Berlin");

    private static final String OPTIONS =
            """
            kafka.bounded: true
            batch.max-examples: 4
            adapters:
              names:
                task: token-classification
                labels: [O, B-PER, I-PER, B-LOC, I-LOC]
                optimizer.head-learning-rate: 0.02
            """;

    @TempDir Path folder;

    @Test
    void entitiesAreSentLearnedAndPredicted() throws Exception {
        Path file = Files.writeString(folder.resolve("names.conll"), sentences());
        try (JobFixture job = JobFixture.start(folder, OPTIONS)) {
            CommandRun sent =
                    CommandRun.of(
                            "send",
                            "--config",
                            job.configFile().toString(),
                            "--format",
                            "conll",
                            file.toString(),
                            "--adapter",
                            "names");
            assertThat(sent.exitCode()).as(sent.err()).isZero();
            assertThat(sent.out())
                    .contains("80 examples of 1 adapter stored in labeled-examples")
                    .contains("0 records left out");

            try (RunningJob running = RunningJob.start(job.config())) {
                running.await();
            }

            assertThat(committed(job, Topic.DEAD_LETTERS, DeadLetter.class)).isEmpty();
            List<Prediction> predictions = committed(job, Topic.PREDICTIONS, Prediction.class);
            assertThat(predictions).hasSize(SENTENCES);
            assertThat(predictions.get(1).getLabel())
                    .isEqualTo(List.of(new Span(0, 11, "PER"), new Span(24, 32, "LOC")));
            assertThat(predictions)
                    .extracting(Prediction::getPredictedLabel)
                    .hasOnlyElementsOfType(List.class);
            List<TrainingReport> reports =
                    committed(job, Topic.TRAINING_REPORTS, TrainingReport.class);
            Map<String, Double> metrics = reports.get(reports.size() - 1).getMetrics();
            assertThat(metrics.get("entityF1")).isGreaterThan(0);
            assertThat(metrics).containsKeys("recentEntityF1", "entityPrecision", "entityRecall");
        }
    }

    private static <T extends SpecificRecordBase> List<T> committed(
            JobFixture job, Topic<T> topic, Class<T> type) {
        return job.<T>committed(job.config().topics().of(topic), topic.schema()).stream()
                .map(type::cast)
                .toList();
    }

    private static String sentences() {
        return IntStream.range(0, SENTENCES)
                .mapToObj(
                        i ->
                                tagged(PEOPLE.get(i % PEOPLE.size()), "PER")
                                        + "drives VBZ O\nfrom IN O\n"
                                        + tagged(PLACES.get(i % PLACES.size()), "LOC")
                                        + ". . O\n")
                .collect(Collectors.joining("\n", "-DOCSTART- -X- O\n\n", ""));
    }

    private static String tagged(String name, String kind) {
        String[] words = name.split(" ", -1);
        return IntStream.range(0, words.length)
                .mapToObj(i -> "%s NNP %s-%s\n".formatted(words[i], i == 0 ? "B" : "I", kind))
                .collect(Collectors.joining());
    }
}
