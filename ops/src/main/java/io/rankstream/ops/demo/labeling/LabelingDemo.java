package io.rankstream.ops.demo.labeling;

import io.rankstream.adapters.text.Amount;
import io.rankstream.job.config.ConfigFile;
import io.rankstream.job.config.JobConfig;
import io.rankstream.job.config.option.ConfigException;
import io.rankstream.job.registry.RegistryException;
import io.rankstream.job.topic.Topic;
import io.rankstream.ops.console.Console;
import io.rankstream.ops.console.ConsoleSubject;
import io.rankstream.ops.demo.DemoOptions;
import io.rankstream.ops.demo.DemoStage;
import io.rankstream.ops.demo.MailStream;
import io.rankstream.ops.files.OwnedFolder;
import io.rankstream.ops.run.RunningJob;
import io.rankstream.ops.stack.LocalStack;
import io.rankstream.ops.terminal.StatusLine;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;
import org.apache.flink.configuration.CoreOptions;

/**
 * The labeling loop on the mail stream, whose labels nobody has at first: the job predicts each
 * mail, asks for some labels, and learns from what simulated people answer. Of each task, two more
 * adapters show what another choice of mails would have given: as many at random, and all.
 */
public final class LabelingDemo {

    private static final Duration LOOK_INTERVAL = Duration.ofMillis(100);

    private final DemoOptions options;
    private final DemoStage stage;

    /** A demo that has not started. */
    public LabelingDemo(DemoOptions options, DemoStage stage) {
        this.options = options;
        this.stage = stage;
    }

    /**
     * Runs the demo to its end; broker and registry are gone when this returns or throws.
     *
     * @throws InterruptedException when the thread is interrupted, which ends the demo
     */
    public void run() throws Exception {
        stage.play(this::label);
    }

    private void label(LocalStack stack, OwnedFolder work) throws Exception {
        MailStream mails = MailStream.open();
        UnlabeledMails inputs = new UnlabeledMails(mails, options.examples());
        JobConfig config = configure(stack, mails);
        config.flink().set(CoreOptions.TMP_DIRS, work.path().resolve("flink").toString());
        DemoStage.createTopics(
                config, List.of(Topic.UNLABELED_INPUTS, Topic.LABELS, Topic.LABELED_EXAMPLES));
        stage.say(
                "Sending %s in their order of arrival; %d people answer what is asked of them",
                Amount.of(inputs.inputs().size(), "input"), Habits.ORDINARY.annotators());
        try (Console console =
                stage.consoles()
                        .open(
                                config,
                                new ConsoleSubject(
                                        "demo",
                                        stage.output().config().toString(),
                                        OptionalLong.empty()),
                                stage::say)) {
            LabelingTally tally = follow(config, stack, inputs);
            console.ended("The stream has ended.");
            stage.out().println();
            stage.out().print(LabelingTable.of(tally.lines()));
            stage.say(LabelingTable.LEGEND);
            if (options.keepRunning()) {
                stage.keepRunning(stack);
            }
        }
    }

    private JobConfig configure(LocalStack stack, MailStream mails)
            throws ConfigException, IOException {
        String yaml = LabelingConfig.yaml(options, stage.output(), stack, mails.labels());
        Files.writeString(stage.output().config(), yaml);
        return ConfigFile.parse(yaml, stage.output().config().toString());
    }

    /** Sends, answers and counts until nothing more comes of it. */
    private LabelingTally follow(JobConfig config, LocalStack stack, UnlabeledMails inputs)
            throws Exception {
        Instant start = Instant.now();
        StatusLine line = new StatusLine(stage.out(), stage.columns());
        try (RunningJob job = RunningJob.start(config);
                LabelingTraffic traffic = traffic(config, inputs)) {
            stage.say(LabelingTraffic.LEGEND);
            while (!traffic.isOver(Instant.now())) {
                if (job.endsWithin(LOOK_INTERVAL)) {
                    job.await();
                }
                stack.requireRunning();
                traffic.advance(Instant.now());
                Duration elapsed = Duration.between(start, Instant.now());
                line.show(() -> traffic.progress(elapsed), elapsed);
            }
            return traffic.tally();
        } finally {
            line.clear();
        }
    }

    private LabelingTraffic traffic(JobConfig config, UnlabeledMails inputs)
            throws IOException, RegistryException {
        return LabelingTraffic.open(
                config, inputs, new SimulatedAnnotators(Habits.ORDINARY, options.seed()));
    }
}
