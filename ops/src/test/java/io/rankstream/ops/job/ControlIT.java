package io.rankstream.ops.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.rankstream.adapters.snapshot.AdapterSnapshot;
import io.rankstream.adapters.state.AdapterState;
import io.rankstream.job.RankstreamJob;
import io.rankstream.job.config.ConfigFile;
import io.rankstream.job.config.JobConfig;
import io.rankstream.job.preflight.TopicCreation;
import io.rankstream.job.topic.Topic;
import io.rankstream.ops.cli.CommandRun;
import io.rankstream.ops.run.RunningJob;
import io.rankstream.ops.stack.LocalStack;
import io.rankstream.ops.topic.TopicReader;
import io.rankstream.schemas.CommandAnswer;
import io.rankstream.schemas.CommandOutcome;
import io.rankstream.schemas.DeadLetter;
import io.rankstream.schemas.DeadLetterReason;
import io.rankstream.schemas.DriftEvent;
import io.rankstream.schemas.DriftEventKind;
import io.rankstream.schemas.LabeledExample;
import io.rankstream.schemas.Prediction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Commands to a running job, by the command line. */
@Timeout(600)
class ControlIT {

    private static final int SUCCESS = 0;
    private static final int REFUSED = 1;
    private static final int ENVIRONMENT = 3;

    private static final String OPTIONS =
            """
            batch.max-examples: 2
            batch.linger: 0 s
            publish.every-steps: 2
            adapters:
              spam: {labels: [ham, spam]}
              list: {labels: [dev, users]}
            """;

    private static final String FLEET =
            """
            fleet.triplets: 200
            training.budget: {warmup-examples: 2, ramp-examples: 2, mask-interval: 1}
            """;

    @TempDir static Path ofStack;
    private static LocalStack stack;

    @TempDir Path folder;

    private JobFixture job;
    private int sent;

    @BeforeAll
    static void startStack() throws Exception {
        stack = JobFixture.stack(ofStack);
    }

    @AfterAll
    static void stopStack() {
        stack.close();
    }

    @BeforeEach
    void start() throws Exception {
        job = JobFixture.on(stack, folder, OPTIONS);
    }

    @AfterEach
    void stop() {
        job.close();
    }

    @Test
    void aJobThatDoesNotRunIsToldAtOnce() {
        CommandRun run = control("pause", "spam", "--wait", "1");

        assertThat(run.exitCode()).isEqualTo(ENVIRONMENT);
        assertThat(run.err().lines())
                .satisfiesExactly(
                        line ->
                                assertThat(line)
                                        .contains(
                                                "No job with kafka.group-id 'rankstream' is seen",
                                                "nothing was learned, predicted or refused yet",
                                                "The command is sent all the same"),
                        line -> assertThat(line).contains("no answer within 1 s"));

        CommandRun top = CommandRun.of("top", "--once", "--config", job.configFile().toString());
        assertThat(top.out()).contains("No job with kafka.group-id 'rankstream' is seen");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"control-commands", "command-answers", "training-reports", "drift-events"})
    void aTopicThatIsNotThereIsOneSentence(String topic) throws Exception {
        try (Admin admin =
                Admin.create(Map.of("bootstrap.servers", job.stack().bootstrapServers()))) {
            admin.deleteTopics(List.of(topic)).all().get();
        }

        assertOneSentence("has no topic '%s': create it with 'rankstream init".formatted(topic));
    }

    private void assertOneSentence(String part) {
        CommandRun run = control("pause", "spam", "--wait", "1");

        assertThat(run.exitCode()).isEqualTo(ENVIRONMENT);
        assertThat(run.err().lines()).singleElement().asString().contains(part);
    }

    @Test
    void anAdapterThatNeverWasIsNotPausedUntilItsFirstExample() throws Exception {
        try (RunningJob running = RunningJob.start(job.config());
                TopicReader<Prediction> predictions = predictions()) {
            send("spam", "ham", 2);
            awaitTotal(predictions, 2);

            CommandRun early = control("pause", "list", "--command-id", "1");
            send("list", "dev", 2);
            awaitTotal(predictions, 2);
            CommandRun again = control("pause", "list", "--command-id", "1");

            assertThat(early.exitCode()).isEqualTo(REFUSED);
            assertThat(early.out())
                    .startsWith("pause REFUSED: adapter 'list' is not there yet")
                    .contains("revision 0");
            assertThat(again.out()).startsWith("pause DONE").contains("revision 1");
            assertThat(running.hasEnded()).isFalse();
        }
    }

    @Test
    void anAdapterReturnsToAVersionAndTheOtherIsNotTouched() throws Exception {
        try (RunningJob running = RunningJob.start(job.config());
                ServedJob served = ServedJob.of(job.config());
                TopicReader<Prediction> predictions = predictions()) {
            send("spam", "ham", 8);
            send("list", "dev", 4);
            awaitTotal(predictions, 12);

            assertThat(control("publish", "list").out())
                    .contains("publish DONE: no step was taken since");
            CommandRun rolledBack = control("roll-back", "spam", "--to-version", "1");
            assertThat(rolledBack.exitCode()).as(rolledBack.err()).isEqualTo(SUCCESS);
            assertThat(rolledBack.out())
                    .contains("from step 4 to version 1 of step 2, published as version 3")
                    .contains("(adapter 'spam', step 2, version 3, revision 1)");

            assertThat(version("spam", 3)).isEqualTo(version("spam", 1).withVersionAfter(3));
            assertThat(served.whenServing("spam", 3, "win a prize"))
                    .as("what is served of the newest version, taken from the first")
                    .isEqualTo(served.probabilities("spam", 1, "win a prize"))
                    .isNotEqualTo(served.probabilities("spam", 2, "win a prize"));
            assertThat(control("publish", "list").out())
                    .contains("no step was taken since version 1, which stays the newest");
            assertThat(running.hasEnded()).isFalse();
        }
    }

    @Test
    void aPausedAdapterHoldsItsExamplesUntilItIsResumed() throws Exception {
        try (RunningJob running = RunningJob.start(job.config());
                TopicReader<Prediction> predictions = predictions()) {
            send("spam", "ham", 2);
            List<String> learned = new ArrayList<>(awaitTotal(predictions, 2));

            assertThat(control("pause", "spam").exitCode()).isEqualTo(SUCCESS);
            send("spam", "ham", 4);
            send("list", "dev", 2);
            learned.addAll(awaitTotal(predictions, 2));
            assertThat(learned).containsExactly("e-0", "e-1", "e-6", "e-7");
            assertThat(control("resume", "spam").out())
                    .contains("learns from 4 examples that waited");

            assertThat(awaitTotal(predictions, 4)).containsExactly("e-2", "e-3", "e-4", "e-5");
            assertThat(running.hasEnded()).isFalse();
        }
    }

    @Test
    void aCommandIsCarriedOutOnceAndOnlyAtTheRevisionThatItExpects() throws Exception {
        try (RunningJob running = RunningJob.start(job.config());
                TopicReader<Prediction> predictions = predictions()) {
            send("spam", "ham", 2);
            awaitTotal(predictions, 2);

            CommandRun first = control("set-budget", "spam", "--budget", "40", "--command-id", "1");
            CommandRun second =
                    control("set-budget", "spam", "--budget", "40", "--command-id", "1");
            CommandRun stale = control("reset", "spam", "--expected-revision", "0");
            CommandRun refused = control("set-budget", "spam", "--budget", "100000");
            CommandRun unknown = control("pause", "other");

            assertThat(first.out()).startsWith("set-budget DONE").contains("revision 1");
            assertThat(second.exitCode()).isEqualTo(SUCCESS);
            assertThat(second.out()).startsWith("set-budget REPEATED").contains("revision 1");
            assertThat(stale.exitCode()).isEqualTo(REFUSED);
            assertThat(stale.out()).startsWith("reset STALE").contains("at revision 1, expected 0");
            assertThat(refused.exitCode()).isEqualTo(REFUSED);
            assertThat(refused.out()).contains("expected 0 to 432 triplets");
            assertThat(unknown.exitCode()).isEqualTo(REFUSED);
            assertThat(unknown.out())
                    .contains("does not name adapter 'other'; there are 'list', 'spam'");
            announcedDriftIsAnEvent();
            CommandRun slip = CommandRun.of("control", "pause", "spma", "--config", open());
            assertThat(slip.err().lines())
                    .singleElement()
                    .asString()
                    .contains(
                            "nothing about adapter 'spma'; did you mean 'spam'? there are 'spam';");
            assertThat(slip.out()).startsWith("pause REFUSED");
            assertThat(running.hasEnded()).isFalse();
        }
    }

    private void announcedDriftIsAnEvent() {
        CommandRun announced = control("expect-drift", "spam", "--command-id", "planned");
        CommandRun refused = control("dismiss-drift", "spam");

        assertThat(announced.exitCode()).isEqualTo(SUCCESS);
        assertThat(announced.out())
                .startsWith("expect-drift DONE: a change was announced after example 2:");
        assertThat(refused.exitCode()).isEqualTo(REFUSED);
        assertThat(refused.out())
                .startsWith("dismiss-drift REFUSED: the adapter has raised no alarm of drift");
        assertThat(
                        job.committed(
                                job.config().topics().of(Topic.DRIFT_EVENTS),
                                DriftEvent.getClassSchema()))
                .singleElement()
                .isInstanceOfSatisfying(
                        DriftEvent.class,
                        event -> {
                            assertThat(event.getEventId()).isEqualTo("spam/2/EXPECTED");
                            assertThat(event.getKind()).isEqualTo(DriftEventKind.EXPECTED);
                            assertThat(event.getCommandId()).isEqualTo("planned");
                        });
    }

    @Test
    void adaptersShareABudgetAndPredictUntilNeitherIsConfiguredAnyMore() throws Exception {
        String savepoint;
        try (TopicReader<CommandAnswer> answers = answers()) {
            JobConfig predicting = config(FLEET + "loop.mode: predict\n");
            TopicCreation.createMissing(
                    predicting.kafka(), predicting.topics(), predicting.usedTopics());
            JobClient sharing = RankstreamJob.start(predicting);
            send("spam", "ham", 8);
            send("list", "dev", 8);
            Map<String, Integer> budgets = new TreeMap<>();
            while (budgets.size() < 2 || sum(budgets) > 200) {
                for (CommandAnswer answer : answers.poll()) {
                    assertThat(answer.getCommandId()).matches("fleet/\\d+/\\d+");
                    assertThat(answer.getOutcome()).isEqualTo(CommandOutcome.DONE);
                    assertThat(answer.getRevision()).isZero();
                    budgets.put(answer.getAdapterId(), budgetOf(answer.getCommandId()));
                }
            }
            savepoint =
                    sharing.stopWithSavepoint(
                                    false,
                                    folder.resolve("savepoint").toUri().toString(),
                                    SavepointFormatType.CANONICAL)
                            .get();
        }

        try (RunningJob alone =
                        RunningJob.start(
                                config("flink.execution.state-recovery.path: " + savepoint));
                TopicReader<Prediction> predictions = predictions()) {
            send("spam", "ham", 2);
            awaitTotal(predictions, 2);

            assertThat(alone.hasEnded()).isFalse();
        }
    }

    private static int budgetOf(String commandId) {
        return Integer.parseInt(commandId.substring(commandId.lastIndexOf('/') + 1));
    }

    private static int sum(Map<String, Integer> budgets) {
        return budgets.values().stream().mapToInt(budget -> budget).sum();
    }

    /** The job's configuration, with more lines. */
    private JobConfig config(String lines) throws Exception {
        return ConfigFile.parse(Files.readString(job.configFile()) + lines + "\n", "test");
    }

    private TopicReader<CommandAnswer> answers() {
        return TopicReader.live(
                job.stack().bootstrapServers(),
                job.config().topics().of(Topic.COMMAND_ANSWERS),
                CommandAnswer.getClassSchema());
    }

    @Test
    void labelsComeAndGoWhileAnAdapterLearns() throws Exception {
        try (RunningJob running = RunningJob.start(job.config());
                TopicReader<Prediction> predictions = predictions()) {
            send("spam", "ham", 2);
            awaitTotal(predictions, 2);

            assertThat(control("add-label", "spam", "not sure,\"eggs, fresh\"").out())
                    .contains(
                            "label revision 2; in use are 'ham', 'spam', 'not sure', 'eggs, fresh'");
            send("spam", "not sure", 1);
            send("spam", "eggs, fresh", 1);
            awaitTotal(predictions, 2);
            assertThat(control("retire-label", "spam", "ham").exitCode()).isEqualTo(SUCCESS);
            send("spam", "ham", 2);
            send("spam", "spam", 2);
            awaitTotal(predictions, 2);

            assertThat(control("retire-label", "spam", "ham").exitCode()).isEqualTo(REFUSED);
            List<DeadLetter> letters =
                    job.committed(
                            job.config().topics().of(Topic.DEAD_LETTERS),
                            DeadLetter.getClassSchema());
            assertThat(letters)
                    .hasSize(2)
                    .allSatisfy(
                            letter -> {
                                assertThat(letter.getReason())
                                        .isEqualTo(DeadLetterReason.UNKNOWN_LABEL);
                                assertThat(letter.getMessage())
                                        .contains("label 'ham' of adapter 'spam' is retired");
                            });
            assertThat(running.hasEnded()).isFalse();
        }
    }

    @Test
    void whatIsNoCommandBecomesADeadLetter() throws Exception {
        try (RunningJob running = RunningJob.start(job.config());
                KafkaProducer<byte[], byte[]> producer =
                        new KafkaProducer<>(
                                Map.of("bootstrap.servers", job.stack().bootstrapServers()),
                                new ByteArraySerializer(),
                                new ByteArraySerializer());
                TopicReader<Prediction> predictions = predictions()) {
            send("spam", "ham", 2);
            awaitTotal(predictions, 2);
            byte[] noise = "pause spam, please".getBytes(StandardCharsets.UTF_8);
            producer.send(
                            new ProducerRecord<>(
                                    job.config().topics().of(Topic.CONTROL_COMMANDS), noise))
                    .get();

            assertThat(control("pause", "spam").exitCode()).isEqualTo(SUCCESS);

            List<DeadLetter> letters =
                    job.committed(
                            job.config().topics().of(Topic.DEAD_LETTERS),
                            DeadLetter.getClassSchema());
            assertThat(letters)
                    .singleElement()
                    .satisfies(
                            letter -> {
                                assertThat(letter.getReason())
                                        .isEqualTo(DeadLetterReason.BAD_MAGIC);
                                assertThat(letter.getTopic()).isEqualTo("control-commands");
                            });
            assertThat(running.hasEnded()).isFalse();
        }
    }

    /** The job's configuration, but for that it admits any adapter. */
    private String open() throws Exception {
        String yaml = Files.readString(job.configFile());
        String any = yaml.substring(0, yaml.indexOf("adapters:")) + "training.labels: [a, b]\n";
        return Files.writeString(folder.resolve("open.yaml"), any).toString();
    }

    private CommandRun control(String... arguments) {
        List<String> line = new ArrayList<>(List.of("control"));
        line.addAll(List.of(arguments));
        line.addAll(List.of("--config", job.configFile().toString()));
        return CommandRun.of(line.toArray(String[]::new));
    }

    private TopicReader<Prediction> predictions() {
        return TopicReader.live(
                job.stack().bootstrapServers(),
                job.config().topics().of(Topic.PREDICTIONS),
                Prediction.getClassSchema());
    }

    /** Ids of the next {@code count} examples that are trained on. */
    private static List<String> awaitTotal(TopicReader<Prediction> predictions, int count) {
        List<String> seen = new ArrayList<>();
        while (seen.size() < count) {
            predictions.poll().forEach(prediction -> seen.add(prediction.getExampleId()));
        }
        return seen;
    }

    private void send(String adapter, String label, int count) throws Exception {
        for (int number : IntStream.range(0, count).toArray()) {
            LabeledExample example =
                    LabeledExample.newBuilder()
                            .setExampleId("e-" + sent++)
                            .setAdapterId(adapter)
                            .setText("a text with the number " + number)
                            .setLabel(label)
                            .setEventTime(Instant.EPOCH)
                            .build();
            job.send(adapter, job.encoded(example));
        }
    }

    private AdapterState version(String adapter, int version) throws Exception {
        return AdapterSnapshot.read(
                folder.resolve("adapters")
                        .resolve(adapter)
                        .resolve("v%08d".formatted(version))
                        .resolve(AdapterSnapshot.FILE));
    }
}
