package io.rankstream.ops.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.rankstream.job.topic.Topic;
import io.rankstream.ops.cli.CommandRun;
import io.rankstream.ops.run.RunningJob;
import io.rankstream.schemas.DeadLetter;
import io.rankstream.schemas.InputPrediction;
import io.rankstream.schemas.Prediction;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.avro.specific.SpecificRecordBase;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Files of the form of GLUE's, from the file through Kafka and Flink to predictions. */
@Timeout(240)
class GlueIT {

    private static final int PAIRS = 60;

    private static final List<String> ANIMALS = List.of("dog", "cat", "horse", "goat", "hen");
    private static final List<String> PLACES = List.of("garden", "street", "barn", "kitchen");

    private static final String OPTIONS =
            """
            kafka.bounded: true
            batch.max-examples: 8
            loop.mode: predict
            adapters:
              paraphrases: {labels: [not_equivalent, equivalent]}
              likeness: {task: regression}
              answers: {labels: [yes, no]}
            """;

    @TempDir Path folder;

    @Test
    void aPairTaskAndARegressionAreSentAndLearned() throws Exception {
        try (JobFixture job = JobFixture.start(folder, OPTIONS)) {
            CommandRun mrpc = send(job, "paraphrases", "glue:mrpc", file("mrpc.tsv", mrpc()));
            CommandRun stsb = send(job, "likeness", "glue:sts-b", file("stsb.tsv", stsb()));
            CommandRun test =
                    send(job, "likeness", "glue:stsb", file("test.tsv", test()), "--unlabeled");

            assertStored(mrpc, "60 examples of 1 adapter stored in labeled-examples");
            assertStored(stsb, "60 examples of 1 adapter stored in labeled-examples");
            assertStored(test, "1 input of 1 adapter stored in unlabeled-inputs");

            try (RunningJob running = RunningJob.start(job.config())) {
                running.await();
            }

            assertThat(committed(job, Topic.DEAD_LETTERS, DeadLetter.class)).isEmpty();
            List<Prediction> predictions = committed(job, Topic.PREDICTIONS, Prediction.class);
            assertThat(predictions).hasSize(2 * PAIRS);
            assertThat(of("paraphrases", predictions))
                    .extracting(Prediction::getExampleId)
                    .containsExactlyElementsOf(ids("mrpc.tsv"));
            assertThat(of("paraphrases", predictions))
                    .extracting(Prediction::getLabel)
                    .startsWith("equivalent", "not_equivalent", "equivalent");
            assertThat(of("likeness", predictions))
                    .extracting(Prediction::getExampleId)
                    .containsExactlyElementsOf(ids("stsb.tsv"));
            assertThat(of("likeness", predictions))
                    .extracting(Prediction::getLabel)
                    .startsWith(4.8, .4, 4.8);
            assertThat(of("likeness", predictions))
                    .extracting(Prediction::getPredictedLabel)
                    .hasOnlyElementsOfType(Double.class);
            assertThat(committed(job, Topic.INPUT_PREDICTIONS, InputPrediction.class))
                    .extracting(InputPrediction::getExampleId)
                    .containsExactly("test.tsv-0");
        }
    }

    @Test
    void whatDoesNotFitTheAdapterOrTheFileIsToldBeforeTheJobSeesIt() throws Exception {
        try (JobFixture job = JobFixture.start(folder, OPTIONS)) {
            CommandRun unknown = send(job, "answers", "glue:mrpc", file("mrpc.tsv", mrpc()));
            assertThat(unknown.err())
                    .contains(
                            "mrpc.tsv, line 2: the label 'equivalent' is none that adapter 'answers' has in the configuration: its examples become dead letters unless it was added since",
                            "records sent (line 2, ");

            CommandRun mistyped = send(job, "answres", "glue:mrpc", file("mrpc.tsv", mrpc()));
            assertThat(mistyped.exitCode()).isEqualTo(2);
            assertThat(mistyped.err())
                    .contains(
                            "--adapter is 'answres', which is none of this configuration: expected one of [answers, ");

            CommandRun names = send(job, "likeness", "glue:mrpc", file("mrpc.tsv", mrpc()));
            assertThat(names.exitCode()).isEqualTo(2);
            assertThat(names.err())
                    .contains(
                            "--format glue:mrpc is for an adapter of task classification, but adapter 'likeness' learns a regression");

            CommandRun other = send(job, "answers", "glue:qnli", file("stsb.tsv", stsb()));
            assertThat(other.exitCode()).isEqualTo(2);
            assertThat(other.err())
                    .contains("stsb.tsv is no file of glue:qnli: it has the columns index, genre");

            CommandRun test = send(job, "likeness", "glue:stsb", file("test.tsv", test()));
            assertThat(test.exitCode()).isEqualTo(2);
            assertThat(test.err()).contains("test.tsv has no labels", "--unlabeled");
        }
    }

    private static void assertStored(CommandRun run, String sentence) {
        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.err()).isEmpty();
        assertThat(run.out()).contains(sentence, "0 records left out");
    }

    private static CommandRun send(
            JobFixture job, String adapter, String format, String file, String... more) {
        List<String> arguments =
                new ArrayList<>(
                        List.of(
                                "send",
                                "--config",
                                job.configFile().toString(),
                                "--format",
                                format,
                                file,
                                "--adapter",
                                adapter));
        arguments.addAll(List.of(more));
        return CommandRun.of(arguments.toArray(String[]::new));
    }

    private static <T extends SpecificRecordBase> List<T> committed(
            JobFixture job, Topic<T> topic, Class<T> type) {
        return job.<T>committed(job.config().topics().of(topic), topic.schema()).stream()
                .map(type::cast)
                .toList();
    }

    private static List<Prediction> of(String adapter, List<Prediction> predictions) {
        return predictions.stream()
                .filter(prediction -> prediction.getAdapterId().equals(adapter))
                .toList();
    }

    private static List<String> ids(String file) {
        return IntStream.range(0, PAIRS).mapToObj(i -> file + "-" + i).toList();
    }

    private String file(String name, String content) throws IOException {
        return Files.writeString(folder.resolve(name), content).toString();
    }

    private static String mrpc() {
        return "Quality\t#1 ID\t#2 ID\t#1 String\t#2 String\n"
                + lines(
                        i ->
                                "%d\t%d\t%d\t%s"
                                        .formatted(isAlike(i) ? 1 : 0, 2 * i, 2 * i + 1, pair(i)));
    }

    private static String stsb() {
        return "index\tgenre\tfilename\tyear\told_index\tsource1\tsource2\tsentence1\tsentence2\tscore\n"
                + lines(
                        i ->
                                "%d\tmain\tanimals\t2012\t%d\tnone\tnone\t%s\t%s"
                                        .formatted(i, i, pair(i), isAlike(i) ? "4.800" : "0.400"));
    }

    private static String test() {
        return "index\tsentence1\tsentence2\n0\t" + pair(0) + "\n";
    }

    private static String lines(IntFunction<String> line) {
        return IntStream.range(0, PAIRS).mapToObj(line).collect(Collectors.joining("\n", "", "\n"));
    }

    private static boolean isAlike(int i) {
        return i % 2 == 0;
    }

    /** Two sentences with a tab between them, one of them in quotes that nothing closes. */
    private static String pair(int i) {
        String animal = ANIMALS.get(i % ANIMALS.size());
        String place = PLACES.get(i % PLACES.size());
        String second =
                isAlike(i)
                        ? "In the %s, there is a %s.".formatted(place, animal)
                        : "Prices fell by %d percent.".formatted(i);
        return String.format(Locale.ROOT, "\"The %s is in the %s.\t%s", animal, place, second);
    }
}
