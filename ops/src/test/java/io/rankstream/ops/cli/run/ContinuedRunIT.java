package io.rankstream.ops.cli.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.rankstream.job.config.ConfigFile;
import io.rankstream.job.config.JobConfig;
import io.rankstream.job.preflight.TopicCreation;
import io.rankstream.job.topic.Topic;
import io.rankstream.ops.cli.CommandProcess;
import io.rankstream.ops.cli.RankstreamCommand;
import io.rankstream.ops.cli.option.ExitCode;
import io.rankstream.ops.demo.MailStream;
import io.rankstream.ops.send.RecordSender;
import io.rankstream.ops.stack.Distribution;
import io.rankstream.ops.stack.LocalStack;
import io.rankstream.ops.topic.TopicReader;
import io.rankstream.schemas.LabeledExample;
import io.rankstream.schemas.Prediction;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A job through everything that ends it and takes it up again, in processes of the command line.
 */
@Timeout(300)
class ContinuedRunIT {

    @TempDir Path folder;

    private final List<Process> started = new ArrayList<>();

    private LocalStack stack;
    private JobConfig job;
    private Path file;

    /** What a command of this process printed, and its exit code. */
    private record Said(int exitCode, String out, String err) {}

    @AfterEach
    void close() {
        started.forEach(Process::destroyForcibly);
        stack.close();
    }

    @Test
    void goesOnWhereItWasAndNeverTwiceAtOnce() throws Exception {
        stack =
                LocalStack.start(
                        Distribution.locate(), folder.resolve("work"), folder.resolve("logs"));
        file = write("rankstream.yaml", "checkpoints", "adapters");
        job = ConfigFile.load(file);
        createTopics();
        List<LabeledExample> mails = mails();

        Process first = run("first", file);
        until("first", "Log: ");
        Process early = run("early", file);
        assertThat(ended(early)).isEqualTo(ExitCode.USAGE);
        assertThat(errors("early").lines())
                .singleElement()
                .asString()
                .contains("runs already on this machine (process " + first.pid() + ", since ");
        assertThat(output("early")).isEmpty();
        assertThat(folder.resolve("early.log")).doesNotExist();
        send(mails.subList(0, 16));
        awaitPredictions(16);
        assertThat(execute("run", "--config", file.toString()))
                .satisfies(refused("runs already", "rankstream stop"));
        Said taken = execute("savepoint", "take", "--config", file.toString());
        assertThat(taken.exitCode()).as(taken.err()).isZero();
        assertThat(taken.out()).contains("Took the savepoint file:");

        first.destroy();
        assertThat(ended(first)).isEqualTo(ExitCode.INTERRUPTED);
        assertThat(output("first"))
                .contains("Go on from ", "rankstream run --config " + file + " --resume");
        assertThat(execute("run", "--config", file.toString()))
                .satisfies(refused("--resume", "--from PATH", "--fresh"));

        Process second = run("second", file, "--resume");
        send(mails.subList(16, 32));
        awaitPredictions(32);
        Path elsewhere = folder.resolve("elsewhere");
        Said stopped =
                execute("stop", "--config", file.toString(), "--savepoint", elsewhere.toString());
        assertThat(stopped.exitCode()).as(stopped.err()).isZero();
        assertThat(stopped.out())
                .contains(
                        "is in the savepoint file:" + elsewhere,
                        "Go on with: rankstream run --config " + file + " --resume");
        assertThat(ended(second)).isZero();
        assertThat(output("second")).contains("Going on from ", "The job was stopped with ");
        assertThat(execute("stop", "--config", file.toString()).exitCode())
                .isEqualTo(ExitCode.ENVIRONMENT);

        Path largest = largestFile(elsewhere);
        flipBit(largest);
        Said damaged =
                execute(
                        "run",
                        "--config",
                        file.toString(),
                        "--from",
                        largest.getParent().toString());
        assertThat(damaged.exitCode()).isEqualTo(ExitCode.ENVIRONMENT);
        assertThat(damaged.err()).contains("bytes of its file", largest.toString(), "--fresh");
        flipBit(largest);

        Process third = run("third", file, "--resume");
        send(mails.subList(32, 48));
        awaitPredictions(48);
        assertThat(output("third")).contains("Going on from the savepoint", elsewhere.toString());
        assertThat(predicted())
                .containsExactlyInAnyOrderElementsOf(
                        mails.stream().map(LabeledExample::getExampleId).toList());

        Process fourth = runOnAnotherMachine("fourth");
        Process fifth = runOnAnotherMachine("fifth");
        assertThat(ended(third)).isEqualTo(ExitCode.FAILED);
        assertThat(errors("third"))
                .contains("another job with kafka.group-id 'continued' has been started");
        assertThat(output("third"))
                .doesNotContain("Go on from ")
                .containsPattern("(?m)^spam +16 +4 ");
        CompletableFuture.anyOf(fourth.onExit(), fifth.onExit()).get(60, TimeUnit.SECONDS);
        awaitPredictions(96);
        assertThat(List.of(fourth, fifth)).filteredOn(Process::isAlive).hasSize(1);
        assertThat(errors(fourth.isAlive() ? "fifth" : "fourth"))
                .contains("another job with kafka.group-id 'continued'");
    }

    private static Path largestFile(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile)
                    .max(Comparator.comparingLong(file -> file.toFile().length()))
                    .orElseThrow();
        }
    }

    /** Its time stays, as when a disk forgets. */
    private static void flipBit(Path file) throws IOException {
        FileTime written = Files.getLastModifiedTime(file);
        byte[] content = Files.readAllBytes(file);
        content[content.length / 2] ^= 16;
        Files.write(file, content);
        Files.setLastModifiedTime(file, written);
    }

    private static Consumer<Said> refused(String... parts) {
        return said -> {
            assertThat(said.exitCode()).isEqualTo(ExitCode.USAGE);
            assertThat(said.err().lines()).singleElement().asString().contains(parts);
        };
    }

    private static List<LabeledExample> mails() {
        return MailStream.open().examples(400).stream()
                .filter(mail -> mail.getAdapterId().equals(MailStream.SPAM_ADAPTER))
                .limit(48)
                .toList();
    }

    private Path write(String name, String checkpoints, String adapters) throws IOException {
        return Files.writeString(
                folder.resolve(name),
                """
                kafka.bootstrap-servers: %s
                kafka.group-id: continued
                registry.url: %s
                model.max-length: 16
                batch.max-examples: 4
                batch.linger: 0 s
                publish.directory: '%s'
                publish.every-steps: 2
                adapters: {spam: {labels: [ham, spam]}}
                flink.execution.checkpointing.interval: 1 s
                flink.execution.checkpointing.dir: '%s'
                """
                        .formatted(
                                stack.bootstrapServers(),
                                stack.registryUrl(),
                                folder.resolve(adapters),
                                folder.resolve(checkpoints).toUri()));
    }

    private void createTopics() throws Exception {
        try (Admin admin = Admin.create(job.kafka().clientProperties())) {
            NewTopic input = new NewTopic(job.topics().of(Topic.LABELED_EXAMPLES), 1, (short) 1);
            admin.createTopics(List.of(input)).all().get(30, TimeUnit.SECONDS);
        }
        TopicCreation.createMissing(job.kafka(), job.topics(), job.usedTopics());
    }

    private void send(List<LabeledExample> mails) throws Exception {
        RecordSender.sendAll(job, Topic.LABELED_EXAMPLES, mails);
    }

    private void awaitPredictions(int count) {
        try (TopicReader<Prediction> predictions = committed()) {
            int seen = 0;
            while (seen < count) {
                seen += predictions.poll().size();
            }
        }
    }

    private List<String> predicted() {
        try (TopicReader<Prediction> predictions = committed()) {
            return predictions.readToEnd().stream().map(Prediction::getExampleId).toList();
        }
    }

    private TopicReader<Prediction> committed() {
        return TopicReader.committed(
                job.kafka(), job.topics().of(Topic.PREDICTIONS), Prediction.getClassSchema());
    }

    /** In this process; nothing that starts a job. */
    private Said execute(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int exitCode =
                RankstreamCommand.commandLine(() -> false)
                        .setOut(new PrintWriter(out, true))
                        .setErr(new PrintWriter(err, true))
                        .execute(arguments);
        return new Said(exitCode, out.toString(), err.toString());
    }

    /** What is in no folder of this one: neither its lock nor its state. */
    private Process runOnAnotherMachine(String name) throws IOException {
        Path config = write(name + ".yaml", name + "-checkpoints", name + "-adapters");
        return run(folder.resolve(name + "-state"), name, config);
    }

    private Process run(String name, Path config, String... options) throws IOException {
        return run(folder.resolve("state"), name, config, options);
    }

    private Process run(Path userState, String name, Path config, String... options)
            throws IOException {
        List<String> line = new ArrayList<>(List.of("run", "--config", config.toString(), "--log"));
        line.add(folder.resolve(name + ".log").toString());
        line.addAll(List.of(options));
        ProcessBuilder builder =
                CommandProcess.of(folder, line.toArray(String[]::new))
                        .redirectOutput(folder.resolve(name + ".out").toFile())
                        .redirectError(folder.resolve(name + ".err").toFile());
        builder.environment().put("XDG_STATE_HOME", userState.toString());
        Process process = builder.start();
        started.add(process);
        return process;
    }

    private void until(String name, String printed) throws IOException {
        while (!output(name).contains(printed)) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
        }
    }

    private static int ended(Process process) throws InterruptedException {
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return process.exitValue();
    }

    private String output(String name) throws IOException {
        return Files.readString(folder.resolve(name + ".out"));
    }

    private String errors(String name) throws IOException {
        return Files.readString(folder.resolve(name + ".err"));
    }
}
