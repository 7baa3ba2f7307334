package io.rankstream.ops.cli.run;

import io.rankstream.adapters.text.Program;
import io.rankstream.job.claim.TakenOverException;
import io.rankstream.job.config.ConfigFile;
import io.rankstream.job.config.JobConfig;
import io.rankstream.job.preflight.TopicCreation;
import io.rankstream.job.recovery.LiveJob;
import io.rankstream.job.recovery.RecoveryException;
import io.rankstream.job.recovery.RecoveryPoint;
import io.rankstream.job.recovery.StartingState;
import io.rankstream.ops.cli.log.LogFile;
import io.rankstream.ops.cli.log.UserFolder;
import io.rankstream.ops.cli.option.BrokerContact;
import io.rankstream.ops.cli.option.ConfigOption;
import io.rankstream.ops.cli.option.ConsoleOption;
import io.rankstream.ops.cli.option.ExitCode;
import io.rankstream.ops.cli.option.LabelingOption;
import io.rankstream.ops.console.Console;
import io.rankstream.ops.console.ConsoleSubject;
import io.rankstream.ops.run.JobFailedException;
import io.rankstream.ops.run.JobStartException;
import io.rankstream.ops.run.PreparedJob;
import io.rankstream.ops.run.RunningJob;
import io.rankstream.ops.run.lock.JobLock;
import io.rankstream.ops.summary.RunTally;
import io.rankstream.ops.summary.Summary;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Runs the pipeline of a configuration file in this process. */
@Command(
        name = "run",
        description = "Runs the pipeline in this process until its stream ends or Ctrl-C.",
        mixinStandardHelpOptions = true)
public final class RunCommand implements Callable<Integer> {

    private static final Logger LOG = LoggerFactory.getLogger(RunCommand.class);
    private static final Duration LOOK_INTERVAL = Duration.ofMillis(500);
    private static final Duration END_LIMIT = Duration.ofMinutes(1);

    /** Well within the time that an interrupted process has to clean up. */
    private static final Duration STOP_LIMIT = Duration.ofSeconds(3);

    @Mixin private ConfigOption config;

    @Option(
            names = "--create-topics",
            description = "Create the topics that are missing on the broker.")
    private boolean createTopics;

    @Mixin private ConsoleOption console;

    @Mixin private LabelingOption labeling;

    @ArgGroup private StateOptions state;

    @Spec private CommandSpec spec;

    private final BooleanSupplier interrupted;

    /**
     * @param interrupted whether the process was asked to end: an interrupt of the thread alone may
     *     be lost in what a start calls
     */
    public RunCommand(BooleanSupplier interrupted) {
        this.interrupted = interrupted;
    }

    @Override
    public Integer call() throws Exception {
        JobConfig job = config.job();
        boolean labels = labeling.isOn(job);
        Optional<JobLock> lock = lock(job);
        try {
            LiveJob.requireNone(job, job.flink());
            say("Log: " + LogFile.inUse());
            ConfigFile.warnings(config.file()).forEach(this::warn);
            return run(job, labels);
        } finally {
            lock.ifPresent(JobLock::close);
        }
    }

    /** Without a lock, a second start is seen once this one has come to run. */
    private Optional<JobLock> lock(JobConfig job) throws RecoveryException {
        Path folder = UserFolder.path().resolve("jobs");
        try {
            return Optional.of(JobLock.take(folder, job.kafka(), Instant.now()));
        } catch (IOException e) {
            warn(
                    "nothing can be locked in %s (%s): take care that this job is not started twice at once"
                            .formatted(folder, e));
            return Optional.empty();
        }
    }

    private int run(JobConfig job, boolean labels) throws Exception {
        GoingOn goingOn = GoingOn.ofStart(job, config.file(), StateOptions.asGiven(state));
        try {
            return run(job, labels, goingOn);
        } catch (Exception e) {
            if (interrupted.getAsBoolean()
                    || e instanceof InterruptedException
                    || (e instanceof JobFailedException failed && failed.mayGoOn())) {
                Thread.interrupted(); // so that what is on the disk can be looked through
                say(goingOn.afterInterruption());
            }
            throw e;
        }
    }

    private int run(JobConfig job, boolean labels, GoingOn goingOn) throws Exception {
        if (createTopics) {
            BrokerContact.require(job.kafka(), spec.commandLine().getErr());
            TopicCreation.createMissing(job.kafka(), job.topics(), job.usedTopics())
                    .forEach(topic -> say("Created topic " + topic));
        }
        StartingState from = StateOptions.decide(state, job);
        from.notes().forEach(this::say);
        say(from.sentence());
        from.applyTo(job.flink());
        goingOn.from(from.from());
        String paused = goingOn.pausedAtStart();
        if (!paused.isEmpty()) {
            say(paused);
        }
        requireNotInterrupted();
        PreparedJob prepared = PreparedJob.of(job);
        try (RunTally tally = RunTally.begin(job, prepared.claim());
                Console shown = shown(job, labels)) {
            String end = run(job, prepared, goingOn, tally, shown);
            say(end + System.lineSeparator());
            return exitCode(summary(tally, END_LIMIT));
        }
    }

    private Console shown(JobConfig job, boolean labels) throws InterruptedException {
        return labels
                ? console.openWithLabeling(job, subject(), this::say, this::warn)
                : console.open(job, subject(), this::say, this::warn);
    }

    private ConsoleSubject subject() {
        return new ConsoleSubject(
                config.file().getFileName().toString(),
                config.file().toString(),
                OptionalLong.empty());
    }

    /** What is said of its end. */
    private String run(
            JobConfig job, PreparedJob prepared, GoingOn goingOn, RunTally tally, Console shown)
            throws Exception {
        requireNotInterrupted();
        try {
            follow(job, started(job, prepared, goingOn), goingOn, tally, shown);
            String end = goingOn.afterEnd();
            shown.ended(end);
            return end;
        } catch (JobFailedException | DamagedStateException | InterruptedException e) {
            Thread.interrupted(); // so that what is committed can be read
            shown.ended("The job has stopped.");
            say("");
            summary(tally, STOP_LIMIT);
            throw e;
        }
    }

    private static RunningJob started(JobConfig job, PreparedJob prepared, GoingOn goingOn)
            throws Exception {
        try {
            return prepared.start();
        } catch (JobStartException e) {
            if (e.unreadableState().isPresent()) {
                throw damaged(job, goingOn, e.unreadableState().get());
            }
            throw e;
        }
    }

    private static DamagedStateException damaged(JobConfig job, GoingOn goingOn, String reason)
            throws RecoveryException {
        return new DamagedStateException(
                goingOn.afterDamage(
                        reason,
                        new GoingOn.StateLook() {
                            @Override
                            public Optional<RecoveryPoint> before(RecoveryPoint younger)
                                    throws RecoveryException {
                                return younger.before(job, job.flink());
                            }

                            @Override
                            public boolean isWhole(RecoveryPoint point) {
                                return point.isSeenWhole();
                            }
                        }));
    }

    /** The job has stopped when this returns or throws. */
    private void follow(
            JobConfig job, RunningJob started, GoingOn goingOn, RunTally tally, Console shown)
            throws IOException,
                    JobFailedException,
                    DamagedStateException,
                    RecoveryException,
                    InterruptedException {
        URI page = started.webPage();
        try (RunningJob running = started) {
            say("The job runs; Flink's page is %s; Ctrl-C stops it.".formatted(page));
            running.metricsPage().ifPresent(it -> say("Metrics for Prometheus: " + it));
            LiveJob.note(job, page);
            while (!running.endsWithin(LOOK_INTERVAL)) {
                requireNotInterrupted();
                tally.update();
                tally.progress(Instant.now()).forEach(this::say);
                tally.refusals(Instant.now()).forEach(this::warn);
                List<String> news = running.news();
                news.forEach(this::warn);
                shown.tell(news, running.restarts());
                if (running.unreadableState().isPresent()) {
                    throw damaged(job, goingOn, running.unreadableState().get());
                }
            }
            running.await();
        } catch (TakenOverException e) {
            throw new JobFailedException(e);
        } finally {
            LiveJob.forget(job, page);
        }
    }

    private void requireNotInterrupted() throws InterruptedException {
        if (interrupted.getAsBoolean()) {
            throw new InterruptedException("the process was asked to end");
        }
    }

    private Summary summary(RunTally tally, Duration limit) {
        Summary summary = tally.summary(limit);
        say(summary.text());
        tally.problem().ifPresent(problem -> warn("the table is not complete: " + problem));
        return summary;
    }

    private int exitCode(Summary summary) {
        if (!summary.isAllRefused()) {
            return ExitCode.OK;
        }
        warn(
                "in this run, every record was refused, %,d of them, and nothing was learned: '%s' shows why"
                        .formatted(summary.deadLetterCount(), Program.commandOfJob("dlq peek")));
        return ExitCode.FAILED;
    }

    private void warn(String sentence) {
        LOG.warn("{}", sentence);
        PrintWriter err = spec.commandLine().getErr();
        err.println("rankstream: " + sentence);
        err.flush();
    }

    private void say(String sentence) {
        PrintWriter out = spec.commandLine().getOut();
        out.println(sentence);
        out.flush();
    }
}
