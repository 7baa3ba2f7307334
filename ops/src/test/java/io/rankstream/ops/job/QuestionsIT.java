package io.rankstream.ops.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.rankstream.job.topic.Topic;
import io.rankstream.ops.cli.CommandRun;
import io.rankstream.ops.run.RunningJob;
import io.rankstream.schemas.DeadLetter;
import io.rankstream.schemas.DeadLetterReason;
import io.rankstream.schemas.InputPrediction;
import io.rankstream.schemas.Prediction;
import io.rankstream.schemas.Span;
import io.rankstream.schemas.TrainingReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.specific.SpecificRecordBase;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A file of the form of SQuAD's, from the file through Kafka and Flink to predictions. */
@Timeout(300)
class QuestionsIT {

    private static final int PASSAGES = 20;

    private static final List<String> CITIES = List.of("Berlin", "Oslo", "Lima", "Quito");
    private static final List<String> TIMES = List.of("nine", "half past ten", "noon");
    private static final List<String> COLOURS = List.of("blue", "red", "yellow", "green", "white");

    private static final String FILLER =
            "Nobody reads the manual until something breaks, and then everybody wants one. ";

    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir Path folder;

    private final Map<String, String> passages = new HashMap<>();

    @Test
    void questionsAreSentAnsweredAndLearned() throws Exception {
        try (JobFixture job =
                JobFixture.start(
                        folder,
                        """
                        kafka.bounded: true
                        batch.max-examples: 8
                        loop.mode: predict
                        adapters:
                          trains: {task: question-answering}
                        """)) {
            String file = write("trains.json", squad());
            CommandRun sent = send(job, "--format", "squad", file, "--adapter", "trains");
            assertThat(sent.exitCode()).as(sent.err()).isZero();
            assertThat(sent.out())
                    .contains("60 examples of 1 adapter stored in labeled-examples")
                    .contains("0 records left out");
            CommandRun inputs =
                    send(job, "--format", "squad", file, "--adapter", "trains", "--unlabeled");
            assertThat(inputs.exitCode()).as(inputs.err()).isZero();
            CommandRun wrong = send(job, "--json", write("wrong.jsonl", wrong()));
            assertThat(wrong.exitCode()).isEqualTo(1);
            assertThat(wrong.err())
                    .contains("the label 'nine' is no answer")
                    .contains("left out: there is no passage")
                    .contains("the answer is characters 5 to 3");

            try (RunningJob running = RunningJob.start(job.config())) {
                running.await();
            }

            assertThat(committed(job, Topic.DEAD_LETTERS, DeadLetter.class))
                    .singleElement()
                    .satisfies(
                            letter -> {
                                assertThat(letter.getReason())
                                        .isEqualTo(DeadLetterReason.TARGET_MISMATCH);
                                assertThat(letter.getMessage()).contains("but the passage has 24");
                            });
            List<Prediction> predictions = committed(job, Topic.PREDICTIONS, Prediction.class);
            assertThat(predictions).hasSize(3 * PASSAGES);
            predictions.forEach(this::assertLabelAndAnswerLieInThePassage);
            assertThat(committed(job, Topic.INPUT_PREDICTIONS, InputPrediction.class))
                    .hasSize(3 * PASSAGES);
            assertReportHasTheScoreOf(predictions, job);
        }
    }

    private void assertLabelAndAnswerLieInThePassage(Prediction prediction) {
        String id = prediction.getExampleId();
        String passage = passages.get(id);
        int question = Integer.parseInt(id.substring(id.indexOf('-') + 1));
        assertThat(text(passage, prediction.getLabel())).isEqualTo(answer(question));
        assertThat(passage).contains(text(passage, prediction.getPredictedLabel()));
        assertThat(prediction.getProbability()).isBetween(0f, 1f);
    }

    /** By the same rules, from what the predictions say. */
    private void assertReportHasTheScoreOf(List<Prediction> predictions, JobFixture job) {
        double exact =
                predictions.stream()
                        .filter(
                                prediction -> {
                                    String passage = passages.get(prediction.getExampleId());
                                    return words(text(passage, prediction.getLabel()))
                                            .equals(
                                                    words(
                                                            text(
                                                                    passage,
                                                                    prediction
                                                                            .getPredictedLabel())));
                                })
                        .count();
        List<TrainingReport> reports = committed(job, Topic.TRAINING_REPORTS, TrainingReport.class);
        Map<String, Double> last = reports.get(reports.size() - 1).getMetrics();
        assertThat(last.get("answerExactMatch"))
                .isEqualTo(exact / predictions.size(), within(1e-9));
        assertThat(last.get("answerF1")).isBetween(last.get("answerExactMatch"), 1.0);
        assertThat(last.get("unanswerableShare")).isEqualTo(1 / 3.0, within(1e-9));
        assertThat(last)
                .containsKeys(
                        "recentAnswerF1",
                        "recentAnswerExactMatch",
                        "answerableF1",
                        "unanswerableExactMatch");
    }

    private static List<String> words(String text) {
        return List.of(
                text.toLowerCase(java.util.Locale.ROOT)
                        .replaceAll("\\p{Punct}", "")
                        .replaceAll("\\b(a|an|the)\\b", " ")
                        .strip()
                        .split("\\s+"));
    }

    /** What a passage says where a span is; nothing for an empty list. */
    private static String text(String passage, Object label) {
        if (!(label instanceof Span span)) {
            assertThat((List<?>) label).isEmpty();
            return "";
        }
        int from = passage.offsetByCodePoints(0, span.getStart());
        return passage.substring(
                from, passage.offsetByCodePoints(from, span.getEnd() - span.getStart()));
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

    private String write(String name, String content) throws IOException {
        return Files.writeString(folder.resolve(name), content).toString();
    }

    private static String wrong() {
        String line =
                "{\"exampleId\": \"%s\", \"adapterId\": \"trains\", \"text\": \"When?\"%s, \"label\": %s}\n";
        String passage = ", \"textPair\": \"The train leaves at 9.\"";
        return line.formatted(
                        "beyond",
                        passage.replace("9", "9 \uD83D\uDE00"),
                        "{\"start\": 20, \"end\": 25}")
                + line.formatted("alone", "", "{\"start\": 20, \"end\": 21}")
                + line.formatted("label", passage, "\"nine\"")
                + line.formatted("backwards", passage, "{\"start\": 5, \"end\": 3}");
    }

    /** Two questions that each passage answers, and one that it does not. */
    private String squad() throws IOException {
        ObjectNode root = JSON.createObjectNode().put("version", "v2.0");
        ArrayNode paragraphs =
                root.putArray("data").addObject().put("title", "Trains").putArray("paragraphs");
        for (int i = 0; i < PASSAGES; i++) {
            String passage = passage(i);
            ObjectNode paragraph = paragraphs.addObject().put("context", passage);
            ArrayNode questions = paragraph.putArray("qas");
            for (int question = 3 * i; question < 3 * i + 3; question++) {
                String id = "q-" + question;
                passages.put(id, passage);
                addQuestion(questions.addObject().put("id", id), question, passage);
            }
        }
        return JSON.writeValueAsString(root);
    }

    private static void addQuestion(ObjectNode json, int question, String passage) {
        json.put("question", question(question));
        ArrayNode answers = json.putArray("answers");
        String answer = answer(question);
        json.put("is_impossible", answer.isEmpty());
        if (!answer.isEmpty()) {
            int at = passage.indexOf(answer);
            answers.addObject()
                    .put("text", answer)
                    .put("answer_start", passage.codePointCount(0, at));
        }
    }

    /** Of one window or of several, with an emoji before the answers. */
    private static String passage(int i) {
        return FILLER.repeat(i % 5)
                + "\uD83D\uDE80 The %s train to %s leaves at %s. "
                        .formatted(of(COLOURS, i), of(CITIES, i), of(TIMES, i))
                + FILLER.repeat(i % 3);
    }

    private static String question(int question) {
        int i = question / 3;
        return switch (question % 3) {
            case 0 -> "When does the train to %s leave?".formatted(of(CITIES, i));
            case 1 -> "Where does the %s train go?".formatted(of(COLOURS, i));
            default -> "Who is the captain?";
        };
    }

    private static String answer(int question) {
        int i = question / 3;
        return switch (question % 3) {
            case 0 -> of(TIMES, i);
            case 1 -> of(CITIES, i);
            default -> "";
        };
    }

    private static String of(List<String> words, int i) {
        return words.get(i % words.size());
    }
}
