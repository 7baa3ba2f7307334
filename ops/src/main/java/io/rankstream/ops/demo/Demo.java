package io.rankstream.ops.demo;

import io.rankstream.adapters.text.Amount;
import io.rankstream.job.config.ConfigFile;
import io.rankstream.job.config.JobConfig;
import io.rankstream.job.config.option.ConfigException;
import io.rankstream.job.preflight.PreflightException;
import io.rankstream.job.preflight.TopicCreation;
import io.rankstream.job.topic.Topic;
import io.rankstream.job.topic.TopicNames;
import io.rankstream.ops.console.Console;
import io.rankstream.ops.console.ConsoleSubject;
import io.rankstream.ops.files.OwnedFolder;
import io.rankstream.ops.run.JobFailedException;
import io.rankstream.ops.run.RunningJob;
import io.rankstream.ops.send.RecordSender;
import io.rankstream.ops.stack.Distribution;
import io.rankstream.ops.stack.LocalStack;
import io.rankstream.ops.stack.StackException;
import io.rankstream.ops.summary.Summary;
import io.rankstream.ops.summary.SummaryJson;
import io.rankstream.ops.topic.TopicReader;
import io.rankstream.schemas.AdapterVersion;
import io.rankstream.schemas.DeadLetter;
import io.rankstream.schemas.DriftEvent;
import io.rankstream.schemas.LabeledExample;
import io.rankstream.schemas.TrainingReport;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificRecordBase;
import org.apache.flink.configuration.CoreOptions;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;

/**
 * The whole pipeline on the mail stream: a broker and a registry of its own, a job in this process,
 * a summary at the end.
 */
public final class Demo {

    /** Each look at the topics takes the training some of its processor. */
    private static final Duration LOOK_INTERVAL = Duration.ofSeconds(1);

    private final DemoOptions options;
    private final OutputFolder output;
    private final PrintWriter out;
    private final OptionalInt columns;
    private final Consoles consoles;

    /** Opens the console of a job. */
    @FunctionalInterface
    public interface Consoles {

        /**
         * Opens one, or none.
         *
         * @param say told where it is, or why there is none
         */
        Console open(JobConfig job, ConsoleSubject subject, Consumer<String> say)
                throws InterruptedException;
    }

    /**
     * A demo that has not started.
     *
     * @param output folder for what it leaves behind
     * @param out where it tells of itself
     * @param columns width of the terminal behind {@code out}; empty when there is none
     * @param consoles opens what shows the run
     */
    public Demo(
            DemoOptions options,
            OutputFolder output,
            PrintWriter out,
            OptionalInt columns,
            Consoles consoles) {
        this.options = options;
        this.output = output;
        this.out = out;
        this.columns = columns;
        this.consoles = consoles;
    }

    /**
     * Runs the demo to its end; broker and registry are gone when this returns or throws.
     *
     * @throws InterruptedException when the thread is interrupted, which ends the demo
     */
    public void run() throws Exception {
        try (OwnedFolder work = OwnedFolder.in(Path.of(System.getProperty("java.io.tmpdir")))) {
            if (output.hasReplaced()) {
                say("The output of an earlier demo in %s is replaced.", output.root());
            }
            say("Starting the broker and the schema registry (logs in %s)", output.logs());
            try (LocalStack stack =
                    LocalStack.start(Distribution.locate(), work.path(), output.logs())) {
                learn(stack, work);
            }
        }
    }

    private void learn(LocalStack stack, OwnedFolder work) throws Exception {
        MailStream mails = MailStream.open();
        JobConfig config = configure(stack, mails);
        config.flink().set(CoreOptions.TMP_DIRS, work.path().resolve("flink").toString());
        List<LabeledExample> examples = mails.examples(options.examples());
        say("Sending %s", Amount.of(examples.size(), "example"));
        send(config, examples);
        say("Learning from them, in their order of arrival; adapters go to %s", output.adapters());
        try (Console console = consoles.open(config, subject(examples.size()), this::say)) {
            Instant start = Instant.now();
            Progress progress = new Progress(examples.size());
            Duration time;
            try (RunningJob job = RunningJob.start(config)) {
                say(ProgressLine.LEGEND);
                time = follow(job, stack, config.topics(), progress, start);
            } catch (InterruptedException e) {
                reportPart(progress, since(start));
                throw e;
            }
            console.ended("The stream has ended.");
            report(summary(stack, config.topics(), start, time));
            if (options.keepRunning()) {
                keepRunning(stack);
            }
        }
    }

    private ConsoleSubject subject(int examples) {
        return new ConsoleSubject("demo", output.config().toString(), OptionalLong.of(examples));
    }

    private JobConfig configure(LocalStack stack, MailStream mails)
            throws ConfigException, IOException {
        String yaml =
                DemoConfig.yaml(
                        options,
                        output,
                        stack.bootstrapServers(),
                        stack.registryUrl(),
                        mails.labels());
        Files.writeString(output.config(), yaml);
        return ConfigFile.parse(yaml, output.config().toString());
    }

    private static void send(JobConfig config, List<LabeledExample> examples) throws Exception {
        createTopics(config);
        RecordSender.sendAll(config, Topic.LABELED_EXAMPLES, examples);
    }

    /** One partition keeps the order of arrival. */
    private static void createTopics(JobConfig config)
            throws ExecutionException, InterruptedException, PreflightException {
        NewTopic input = new NewTopic(config.topics().of(Topic.LABELED_EXAMPLES), 1, (short) 1);
        try (Admin admin = Admin.create(config.kafka().impatientProperties())) {
            admin.createTopics(List.of(input)).all().get();
        }
        TopicCreation.createMissing(config.kafka(), config.topics(), config.usedTopics());
    }

    /** Shows the progress until the job ends, and says how long that was. */
    private Duration follow(
            RunningJob job, LocalStack stack, TopicNames topics, Progress progress, Instant start)
            throws StackException, JobFailedException, InterruptedException {
        ProgressLine line = new ProgressLine(out, columns);
        try (TopicReader<TrainingReport> reports =
                        TopicReader.live(
                                stack.bootstrapServers(),
                                topics.of(Topic.TRAINING_REPORTS),
                                TrainingReport.getClassSchema());
                TopicReader<DeadLetter> deadLetters =
                        TopicReader.live(
                                stack.bootstrapServers(),
                                topics.of(Topic.DEAD_LETTERS),
                                DeadLetter.getClassSchema())) {
            while (!job.endsWithin(LOOK_INTERVAL)) {
                stack.requireRunning();
                progress.add(since(start), reports.arrived(), deadLetters.arrived().size());
                line.show(progress, since(start));
            }
            job.await();
            return since(start);
        } finally {
            line.clear();
        }
    }

    private static Summary summary(
            LocalStack stack, TopicNames topics, Instant start, Duration time) {
        String broker = stack.bootstrapServers();
        try (TopicReader<TrainingReport> reports =
                TopicReader.committed(
                        broker,
                        topics.of(Topic.TRAINING_REPORTS),
                        TrainingReport.getClassSchema())) {
            return Summary.of(
                    reports.readToEndWithTimes(),
                    committed(broker, topics.of(Topic.DRIFT_EVENTS), DriftEvent.getClassSchema()),
                    committed(
                            broker,
                            topics.of(Topic.ADAPTER_VERSIONS),
                            AdapterVersion.getClassSchema()),
                    committed(broker, topics.of(Topic.DEAD_LETTERS), DeadLetter.getClassSchema()),
                    start,
                    time);
        }
    }

    private static <T extends SpecificRecordBase> List<T> committed(
            String broker, String topic, Schema schema) {
        try (TopicReader<T> reader = TopicReader.committed(broker, topic, schema)) {
            return reader.readToEnd();
        }
    }

    private void report(Summary summary) throws IOException {
        out.println();
        out.print(summary.text());
        out.flush();
        if (options.json().isPresent()) {
            Path file = options.json().get();
            SummaryJson.write(summary, file);
            say("Summary in %s", file);
        }
    }

    /** Of the reports seen so far, since broker and registry end with this process. */
    private void reportPart(Progress progress, Duration time) {
        out.println();
        say(
                "Interrupted after %,d of %,d examples. So far, steps that no checkpoint has committed included:",
                progress.done(), progress.total());
        say(progress.summary(time).adapterTable());
    }

    private void keepRunning(LocalStack stack) throws InterruptedException, StackException {
        say("Broker   %s", stack.bootstrapServers());
        say("Registry %s", stack.registryUrl());
        say("Both stay up until Ctrl-C. Configuration of the run: %s", output.config());
        while (true) {
            stack.requireRunning();
            Thread.sleep(1000);
        }
    }

    private void say(String format, Object... arguments) {
        say(String.format(Locale.ROOT, format, arguments));
    }

    private void say(String sentence) {
        out.println(sentence);
        out.flush();
    }

    private static Duration since(Instant start) {
        return Duration.between(start, Instant.now());
    }
}
