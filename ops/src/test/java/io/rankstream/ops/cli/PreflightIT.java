package io.rankstream.ops.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.rankstream.adapters.model.bert.TinyBert;
import io.rankstream.ops.cli.option.ExitCode;
import io.rankstream.ops.cli.savepoint.SavepointCommandIT;
import io.rankstream.ops.stack.Distribution;
import io.rankstream.ops.stack.LocalBroker;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a job needs and does not find is one sentence and exit code 3; nothing is half-written. */
class PreflightIT {

    /** Nothing listens on the discard port. */
    private static final String NOBODY = "127.0.0.1:9";

    @TempDir Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void aBrokerThatIsNotThere() throws Exception {
        assertThat(run(NOBODY, "")).isEqualTo(ExitCode.ENVIRONMENT);
        assertOneSentence("the broker at " + NOBODY + " does not answer");
    }

    @Test
    void aModelFolderThatIsNotThere() throws Exception {
        assertThat(run(NOBODY, "model.directory: " + folder.resolve("no-model")))
                .isEqualTo(ExitCode.ENVIRONMENT);
        assertOneSentence("no-model");
    }

    @Test
    void aDeviceThatIsNotThere() throws Exception {
        assertThat(run(NOBODY, "model.device: gpu:1000000")).isEqualTo(ExitCode.ENVIRONMENT);
        assertOneSentence("model.device is gpu:1000000, but PyTorch finds");
    }

    @Test
    void aSnapshotThatIsNotThere() throws Exception {
        assertThat(run(NOBODY, "training.start-from: " + folder.resolve("none.safetensors")))
                .isEqualTo(ExitCode.ENVIRONMENT);
        assertOneSentence("none.safetensors does not exist");
    }

    @Test
    void aStateWhoseAdaptersWereCreatedWithOtherSettings() throws Exception {
        Path model = folder.resolve("model");
        TinyBert.small().writeTo(model);

        assertThat(
                        run(
                                NOBODY,
                                """
                                training.init-rank: 9
                                model.max-length: 64
                                model.directory: %s
                                flink.execution.state-recovery.path: %s
                                """
                                        .formatted(model, SavepointCommandIT.SAVEPOINT.toUri())))
                .isEqualTo(ExitCode.ENVIRONMENT);
        assertThat(err.toString())
                .contains("3 adapters in ", "  list: ", "  spam: ", "  tone: ")
                .contains("initial rank 2, expected 9")
                .contains("    tone:", "      init-rank: 2", "      alpha: 4");
    }

    @Test
    void aPublishFolderThatIsAFile() throws Exception {
        Files.writeString(folder.resolve("adapters"), "mine");
        assertThat(run(NOBODY, "")).isEqualTo(ExitCode.ENVIRONMENT);
        assertOneSentence("publish.directory");
    }

    @Test
    void topicsThatAreNotThereOrAreNotAsTheyShouldBe() throws Exception {
        try (LocalBroker broker = broker();
                Admin admin = admin(broker)) {
            assertThat(run(broker.bootstrapServers(), "")).isEqualTo(ExitCode.ENVIRONMENT);
            assertOneSentence("has no topic 'labeled-examples'");
            assertThat(admin.listTopics().names().get()).isEmpty();

            admin.createTopics(
                            List.of(
                                    topic("labeled-examples", "cleanup.policy", "compact"),
                                    topic("predictions", "max.message.bytes", "9000"),
                                    topic("adapter-versions", "cleanup.policy", "delete"),
                                    topic("dead-letters", "cleanup.policy", "compact")))
                    .all()
                    .get();
            err.getBuffer().setLength(0);
            assertThat(run(broker.bootstrapServers(), "")).isEqualTo(ExitCode.ENVIRONMENT);
            assertThat(err.toString().lines())
                    .satisfiesExactly(
                            line ->
                                    assertThat(line)
                                            .contains(
                                                    "no topic 'control-commands', 'training-reports', 'command-answers', 'drift-events':"),
                            line -> assertThat(line).contains("'predictions' takes records of"),
                            line ->
                                    assertThat(line)
                                            .contains(
                                                    "'adapter-versions' has cleanup.policy=delete"),
                            line ->
                                    assertThat(line)
                                            .contains("'dead-letters' has cleanup.policy=compact"));

            execute(
                    "config",
                    "--check",
                    "--config",
                    file(broker.bootstrapServers(), "").toString());
            assertThat(err.toString())
                    .contains(
                            "rankstream: topic 'predictions' takes records of",
                            "rankstream: the schema registry at");
        }
    }

    @Test
    void aRegistryThatIsNotThere() throws Exception {
        try (LocalBroker broker = broker()) {
            String config = file(broker.bootstrapServers(), "").toString();
            assertThat(execute("run", "--config", config, "--create-topics"))
                    .isEqualTo(ExitCode.ENVIRONMENT);
            assertOneSentence("the schema registry at http://" + NOBODY);
        }
    }

    @Test
    void allOfItIsToldByACheckThatMakesNothing() throws Exception {
        Path config = file(NOBODY, "model.directory: " + folder.resolve("no-model"));
        Files.writeString(folder.resolve("checkpoints"), "mine");

        assertThat(execute("config", "--check", "--config", config.toString()))
                .isEqualTo(ExitCode.ENVIRONMENT);
        assertThat(err.toString())
                .contains("checkpoints cannot be written to")
                .contains("no-model")
                .contains("the broker at " + NOBODY + " does not answer")
                .contains("the schema registry at http://" + NOBODY);
        assertThat(out.toString())
                .contains("as it should be: configuration", "as it should be: publish folder")
                .doesNotContain("as it should be: base model");
        assertThat(folder.resolve("adapters")).doesNotExist();
    }

    @Test
    void theDoctorTellsEachOnALineAndMakesNothing() throws Exception {
        Path config = file(NOBODY, "");

        assertThat(execute("doctor", "--config", config.toString()))
                .isEqualTo(ExitCode.ENVIRONMENT);
        assertThat(out.toString().lines().filter(line -> line.startsWith("missing")))
                .satisfiesExactly(
                        line -> assertThat(line).startsWith("missing  broker and topics"),
                        line -> assertThat(line).startsWith("missing  schema registry"));
        assertThat(out.toString())
                .contains(
                        "ok       base model and tokenizer",
                        "A job cannot run: mend what is missing (broker and topics, schema registry).");
        assertThat(err.toString()).isEmpty();
        assertThat(folder.resolve("adapters")).doesNotExist();
        assertThat(folder.resolve("checkpoints")).doesNotExist();
    }

    private LocalBroker broker() throws Exception {
        return LocalBroker.start(
                Distribution.locate(), folder.resolve("broker"), folder.resolve("broker.log"));
    }

    private static NewTopic topic(String name, String setting, String value) {
        return new NewTopic(name, 1, (short) 1).configs(Map.of(setting, value));
    }

    private static Admin admin(LocalBroker broker) {
        return Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()));
    }

    private int run(String broker, String option) throws IOException {
        return execute("run", "--config", file(broker, option).toString());
    }

    private Path file(String broker, String option) throws IOException {
        return Files.writeString(
                folder.resolve("rankstream.yaml"),
                """
                        kafka.bootstrap-servers: %s
                        registry.url: http://%s
                        publish.directory: %s
                        training.labels: [ham, spam]
                        flink.execution.checkpointing.dir: %s
                        %s
                        """
                        .formatted(
                                broker,
                                NOBODY,
                                folder.resolve("adapters"),
                                folder.resolve("checkpoints").toUri(),
                                option));
    }

    private int execute(String... arguments) {
        return RankstreamCommand.commandLine(() -> false)
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(arguments);
    }

    private void assertOneSentence(String part) {
        assertThat(err.toString().lines()).singleElement().asString().contains(part);
    }
}
