package io.rankstream.ops.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.rankstream.job.topic.Topic;
import io.rankstream.ops.cli.CommandRun;
import io.rankstream.ops.run.RunningJob;
import io.rankstream.schemas.DeadLetter;
import io.rankstream.schemas.DeadLetterReason;
import io.rankstream.schemas.InputPrediction;
import io.rankstream.schemas.Prediction;
import io.rankstream.schemas.TrainingReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.avro.specific.SpecificRecordBase;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Tickets with none to three tags, from files through Kafka and Flink to predictions and files. */
@Timeout(240)
class MultiLabelIT {

    private static final int TICKETS = 80;

    /** How often the tickets come by, in other words each time. */
    private static final int ROUNDS = 4;

    private static final List<String> TAGS = List.of("broken", "late", "refund");

    private static final List<String> SENTENCES =
            List.of(
                    "The %s arrived broken and the glass is cracked.",
                    "My %s came two weeks late, delivery was far too slow.",
                    "I want my money back for the %s, please refund me.");

    private static final List<String> THINGS = List.of("lamp", "chair", "phone", "kettle", "desk");

    private static final String OPTIONS =
            """
            kafka.bounded: true
            batch.max-examples: 8
            loop.mode: predict
            publish.every-steps: 10
            adapters:
              tickets:
                task: multi-label-classification
                labels: [refund, late, broken]
                threshold: 0.4
            """;

    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir Path folder;

    @Test
    void listsOfLabelsAreSentLearnedPredictedAndPublished() throws Exception {
        try (JobFixture job = JobFixture.start(folder, OPTIONS)) {
            assertStored(send(job, "--json", file("tickets.jsonl", jsonLines())), 240);
            assertStored(send(job, "--csv", file("tickets.csv", table())), 80);
            CommandRun unlabeled =
                    send(job, "--json", file("new.jsonl", newTickets()), "--unlabeled");
            assertThat(unlabeled.exitCode()).as(unlabeled.err()).isZero();

            try (RunningJob running = RunningJob.start(job.config())) {
                running.await();
            }

            assertThat(committed(job, Topic.DEAD_LETTERS, DeadLetter.class)).isEmpty();
            List<Prediction> predictions = committed(job, Topic.PREDICTIONS, Prediction.class);
            assertThat(predictions).hasSize(ROUNDS * TICKETS);
            assertThat(predictions)
                    .extracting(Prediction::getLabel)
                    .startsWith(tags(0), tags(1), tags(2))
                    .contains(List.of(), List.of("broken", "late", "refund"));
            assertThat(predictions)
                    .allSatisfy(
                            prediction -> {
                                assertThat(prediction.getPredictedLabel()).isInstanceOf(List.class);
                                assertThat(prediction.getProbability()).isNull();
                            });
            assertThat(
                            predictions.subList(3 * TICKETS, 4 * TICKETS).stream()
                                    .filter(p -> p.getLabel().equals(p.getPredictedLabel())))
                    .hasSizeGreaterThan(TICKETS / 2);
            assertReports(job);
            assertInputs(job);
            assertPublished(job);
        }
    }

    @Test
    void whatIsNoListOfItsLabelsIsRefused() throws Exception {
        try (JobFixture job = JobFixture.start(folder, OPTIONS)) {
            CommandRun left =
                    send(
                            job,
                            "--json",
                            file(
                                    "wrong.jsonl",
                                    """
                                    {"exampleId": "twice", "adapterId": "tickets", "text": "a lamp", "label": ["late", "late"]}
                                    {"exampleId": "number", "adapterId": "tickets", "text": "a lamp", "label": 3}
                                    {"exampleId": "alone", "adapterId": "tickets", "text": "a lamp", "label": "late"}
                                    {"exampleId": "unknown", "adapterId": "tickets", "text": "a lamp", "label": ["late", "lost"]}
                                    """));
            assertThat(left.err())
                    .contains("line 1 left out: the list [late, late] has 'late' twice")
                    .contains("line 2 left out: the number 3 is no list of labels");

            try (RunningJob running = RunningJob.start(job.config())) {
                running.await();
            }

            assertThat(committed(job, Topic.PREDICTIONS, Prediction.class))
                    .singleElement()
                    .satisfies(
                            prediction ->
                                    assertThat(prediction.getLabel()).isEqualTo(List.of("late")));
            assertThat(committed(job, Topic.DEAD_LETTERS, DeadLetter.class))
                    .singleElement()
                    .satisfies(
                            letter -> {
                                assertThat(letter.getReason())
                                        .isEqualTo(DeadLetterReason.UNKNOWN_LABEL);
                                assertThat(letter.getMessage()).contains("label 'lost'");
                            });
        }
    }

    private static void assertReports(JobFixture job) {
        List<TrainingReport> reports = committed(job, Topic.TRAINING_REPORTS, TrainingReport.class);
        assertThat(reports.get(reports.size() - 1).getMetrics())
                .containsKeys(
                        "microF1",
                        "recentMicroF1",
                        "macroF1",
                        "accuracy",
                        "hammingLoss",
                        "baselineHammingLoss");
        assertThat(reports.get(reports.size() - 1).getMetrics().get("recentHammingLoss"))
                .isLessThan(
                        reports.get(reports.size() - 1).getMetrics().get("baselineHammingLoss"));
    }

    private static void assertInputs(JobFixture job) {
        List<InputPrediction> inputs =
                committed(job, Topic.INPUT_PREDICTIONS, InputPrediction.class);
        assertThat(inputs).hasSize(5);
        for (InputPrediction input : inputs) {
            List<String> expected =
                    IntStream.range(0, input.getLabels().size())
                            .filter(i -> input.getProbabilities().get(i) >= .4f)
                            .mapToObj(input.getLabels()::get)
                            .sorted()
                            .toList();
            assertThat(input.getLabels()).containsExactlyInAnyOrderElementsOf(TAGS);
            assertThat(input.getPredictedLabel()).isEqualTo(expected);
        }
    }

    private static void assertPublished(JobFixture job) throws IOException {
        Path version =
                Path.of(job.config().publish().directory()).resolve("tickets").resolve("v00000001");
        JsonNode labels = JSON.readTree(version.resolve("labels.json").toFile());
        assertThat(labels.path("problem_type").asText()).isEqualTo("multi_label_classification");
        assertThat(labels.path("task").asText()).isEqualTo("multi-label-classification");
        assertThat(labels.path("threshold").asDouble()).isCloseTo(.4, within(1e-12));
        assertThat(Files.readString(version.resolve("README.md")))
                .contains(
                        "problem_type=\"multi_label_classification\"", ".sigmoid()", "if p >= 0.4");
    }

    private static void assertStored(CommandRun run, int examples) {
        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.out())
                .contains(examples + " examples of 1 adapter stored", "0 records left out");
    }

    private static CommandRun send(JobFixture job, String... more) {
        List<String> arguments =
                new ArrayList<>(List.of("send", "--config", job.configFile().toString()));
        arguments.addAll(List.of(more));
        return CommandRun.of(arguments.toArray(String[]::new));
    }

    private static <T extends SpecificRecordBase> List<T> committed(
            JobFixture job, Topic<T> topic, Class<T> type) {
        return job.<T>committed(job.config().topics().of(topic), topic.schema()).stream()
                .map(type::cast)
                .toList();
    }

    private String file(String name, String content) throws IOException {
        return Files.writeString(folder.resolve(name), content).toString();
    }

    /** The tags of a ticket are the bits of its number; a half of them has one or none. */
    private static List<String> tags(int ticket) {
        int bits = ticket * 5 % 16;
        return IntStream.range(0, TAGS.size())
                .filter(tag -> bits < 8 ? (bits >> tag & 1) == 1 : bits - 8 == tag)
                .mapToObj(TAGS::get)
                .toList();
    }

    private static String text(int ticket, int round) {
        String thing = THINGS.get((ticket + round) % THINGS.size());
        String about =
                tags(ticket).stream()
                        .map(tag -> SENTENCES.get(TAGS.indexOf(tag)).formatted(thing))
                        .collect(Collectors.joining(" "));
        return about.isEmpty() ? "How do I clean the %s?".formatted(thing) : about;
    }

    private static String list(List<String> tags) {
        return tags.stream()
                .map(tag -> '"' + tag + '"')
                .collect(Collectors.joining(", ", "[", "]"));
    }

    private static String jsonLines() {
        return IntStream.range(0, (ROUNDS - 1) * TICKETS)
                .mapToObj(
                        i ->
                                """
                                {"exampleId": "json-%d", "adapterId": "tickets", "text": "%s", "label": %s}
                                """
                                        .formatted(
                                                i,
                                                text(i % TICKETS, i / TICKETS),
                                                list(tags(i % TICKETS))))
                .collect(Collectors.joining());
    }

    private static String table() {
        return IntStream.range(0, TICKETS)
                .mapToObj(
                        i ->
                                "csv-%d,tickets,\"%s\",\"%s\"\n"
                                        .formatted(
                                                i,
                                                text(i, ROUNDS),
                                                list(tags(i)).replace("\"", "\"\"")))
                .collect(Collectors.joining("", "exampleId,adapterId,text,label\n", ""));
    }

    private static String newTickets() {
        return IntStream.range(0, 5)
                .mapToObj(
                        i ->
                                """
                                {"exampleId": "new-%d", "adapterId": "tickets", "text": "%s"}
                                """
                                        .formatted(i, text(3 * i, 7)))
                .collect(Collectors.joining());
    }
}
