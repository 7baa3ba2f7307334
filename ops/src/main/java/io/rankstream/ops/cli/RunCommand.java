package io.rankstream.ops.cli;

import io.rankstream.job.TopicCreation;
import io.rankstream.job.config.ConfigFile;
import io.rankstream.job.config.JobConfig;
import io.rankstream.job.recovery.LiveJob;
import io.rankstream.job.recovery.StartingState;
import io.rankstream.ops.run.JobFailedException;
import io.rankstream.ops.run.RunningJob;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Runs the pipeline of a configuration file in this process. */
@Command(
        name = "run",
        description = "Runs the pipeline in this process until its stream ends or Ctrl-C.",
        mixinStandardHelpOptions = true)
final class RunCommand implements Callable<Integer> {

    @Option(
            names = "--config",
            paramLabel = "FILE",
            required = true,
            description = "Configuration in YAML.")
    private Path config;

    @Option(
            names = "--create-topics",
            description = "Create the topics that are missing on the broker.")
    private boolean createTopics;

    @ArgGroup private StateOptions state;

    @Spec private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        JobConfig job = ConfigFile.load(config);
        say("Log: " + LogFile.inUse());
        LiveJob.requireNone(job, job.flink());
        if (createTopics) {
            TopicCreation.createMissing(job.kafka(), job.topics())
                    .forEach(topic -> say("Created topic " + topic));
        }
        StartingState from = StateOptions.decide(state, job);
        from.notes().forEach(this::say);
        say(from.sentence());
        from.applyTo(job.flink());
        GoingOn goingOn = new GoingOn(job, config, Instant.now());
        try (RunningJob running = RunningJob.start(job)) {
            say("The job runs; its page is %s; Ctrl-C stops it.".formatted(running.webPage()));
            LiveJob.note(job, running.webPage());
            running.await();
        } catch (JobFailedException | InterruptedException e) {
            say(goingOn.afterInterruption());
            throw e;
        } finally {
            LiveJob.forget(job);
        }
        say(goingOn.afterEnd());
        return ExitCode.OK;
    }

    private void say(String sentence) {
        PrintWriter out = spec.commandLine().getOut();
        out.println(sentence);
        out.flush();
    }
}
