package io.rankstream.ops.demo;

import io.rankstream.adapters.text.Amount;
import io.rankstream.job.config.ConfigFile;
import io.rankstream.job.config.JobConfig;
import io.rankstream.job.config.option.ConfigException;
import io.rankstream.job.topic.Topic;
import io.rankstream.job.topic.TopicNames;
import io.rankstream.ops.console.Console;
import io.rankstream.ops.console.ConsoleSubject;
import io.rankstream.ops.files.OwnedFolder;
import io.rankstream.ops.run.JobFailedException;
import io.rankstream.ops.run.RunningJob;
import io.rankstream.ops.send.RecordSender;
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
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificRecordBase;
import org.apache.flink.configuration.CoreOptions;

/**
 * The whole pipeline on the mail stream: a broker and a registry of its own, a job in this process,
 * a summary at the end.
 */
public final class Demo {

    /** Each look at the topics takes the training some of its processor. */
    private static final Duration LOOK_INTERVAL = Duration.ofSeconds(1);

    private final DemoOptions options;
    private final DemoStage stage;

    /** A demo that has not started. */
    public Demo(DemoOptions options, DemoStage stage) {
        this.options = options;
        this.stage = stage;
    }

    /**
     * Runs the demo to its end; broker and registry are gone when this returns or throws.
     *
     * @throws InterruptedException when the thread is interrupted, which ends the demo
     */
    public void run() throws Exception {
        stage.play(this::learn);
    }

    private void learn(LocalStack stack, OwnedFolder work) throws Exception {
        MailStream mails = MailStream.open();
        JobConfig config = configure(stack, mails);
        config.flink().set(CoreOptions.TMP_DIRS, work.path().resolve("flink").toString());
        List<LabeledExample> examples = mails.examples(options.examples());
        stage.say("Sending %s", Amount.of(examples.size(), "example"));
        send(config, examples);
        stage.say(
                "Learning from them, in their order of arrival; adapters go to %s",
                stage.output().adapters());
        try (Console console =
                stage.consoles().open(config, subject(examples.size()), stage::say)) {
            Instant start = Instant.now();
            Progress progress = new Progress(examples.size());
            Duration time;
            try (RunningJob job = RunningJob.start(config)) {
                stage.say(ProgressLine.LEGEND);
                time = follow(job, stack, config.topics(), progress, start);
            } catch (InterruptedException e) {
                reportPart(progress, since(start));
                throw e;
            }
            console.ended("The stream has ended.");
            report(summary(stack, config.topics(), start, time));
            if (options.keepRunning()) {
                stage.keepRunning(stack);
            }
        }
    }

    private ConsoleSubject subject(int examples) {
        return new ConsoleSubject(
                "demo", stage.output().config().toString(), OptionalLong.of(examples));
    }

    private JobConfig configure(LocalStack stack, MailStream mails)
            throws ConfigException, IOException {
        String yaml =
                DemoConfig.yaml(
                        options,
                        stage.output(),
                        stack.bootstrapServers(),
                        stack.registryUrl(),
                        mails.labels());
        Files.writeString(stage.output().config(), yaml);
        return ConfigFile.parse(yaml, stage.output().config().toString());
    }

    private static void send(JobConfig config, List<LabeledExample> examples) throws Exception {
        DemoStage.createTopics(config, List.of(Topic.LABELED_EXAMPLES));
        RecordSender.sendAll(config, Topic.LABELED_EXAMPLES, examples);
    }

    /** Shows the progress until the job ends, and says how long that was. */
    private Duration follow(
            RunningJob job, LocalStack stack, TopicNames topics, Progress progress, Instant start)
            throws StackException, JobFailedException, InterruptedException {
        ProgressLine line = new ProgressLine(stage.out(), stage.columns());
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
        stage.out().println();
        stage.out().print(summary.text());
        stage.out().flush();
        if (options.json().isPresent()) {
            Path file = options.json().get();
            SummaryJson.write(summary, file);
            stage.say("Summary in %s", file);
        }
    }

    /** Of the reports seen so far, since broker and registry end with this process. */
    private void reportPart(Progress progress, Duration time) {
        stage.out().println();
        stage.say(
                "Interrupted after %,d of %,d examples. So far, steps that no checkpoint has committed included:",
                progress.done(), progress.total());
        stage.say(progress.summary(time).adapterTable());
    }

    private static Duration since(Instant start) {
        return Duration.between(start, Instant.now());
    }
}
