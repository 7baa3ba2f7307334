package io.rankstream.ops.cli;

import io.rankstream.job.config.ConfigFile;
import io.rankstream.job.config.JobConfig;
import io.rankstream.job.config.option.ConfigException;
import io.rankstream.job.preflight.Trial;
import io.rankstream.job.recovery.LiveJob;
import io.rankstream.job.recovery.RecoveryException;
import io.rankstream.job.recovery.StartingState;
import io.rankstream.job.savepoint.SavepointException;
import io.rankstream.ops.cli.option.ConfigOption;
import io.rankstream.ops.cli.option.ExitCode;
import io.rankstream.ops.cli.run.StateOptions;
import io.rankstream.ops.run.PreparedJob;
import io.rankstream.ops.run.cluster.PortTrial;
import java.util.concurrent.Callable;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Prints the effective values of a configuration file. */
@Command(
        name = "config",
        description = "Checks a configuration and prints every effective value and its origin.",
        mixinStandardHelpOptions = true)
final class ConfigCommand implements Callable<Integer> {

    private static final Logger LOG = LoggerFactory.getLogger(ConfigCommand.class);

    @Mixin private ConfigOption config;

    @Option(names = "--describe", description = "Say of each value what it means.")
    private boolean describe;

    @Option(
            names = "--check",
            description = {
                "Try what 'run' would, and make nothing: model, device, folders, state, broker,"
                        + " topics, registry, ports. Every problem is a line on standard error, and the exit"
                        + " code is that of 'run': 2 for a choice to make, 3 for what is not there."
            })
    private boolean check;

    @Spec private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        JobConfig job = config.job();
        ConfigFile.warnings(config.file()).forEach(this::warn);
        return check ? check(job) : describe();
    }

    private int describe() throws ConfigException {
        spec.commandLine().getOut().print(ConfigFile.describe(config.file(), describe));
        spec.commandLine().getOut().flush();
        return ExitCode.OK;
    }

    private int check(JobConfig job) throws SavepointException, InterruptedException {
        say("as it should be: configuration");
        boolean choose = !tryState(job);
        boolean isStartable = tell(PreparedJob.tryOut(job));
        boolean hasPorts = tell(PortTrial.of(job));
        if (choose) {
            return ExitCode.USAGE;
        }
        return isStartable && hasPorts ? ExitCode.OK : ExitCode.ENVIRONMENT;
    }

    /** Whether it found no problem. */
    private boolean tell(Trial trial) {
        trial.passed().forEach(subject -> say("as it should be: " + subject));
        trial.warnings().forEach(this::warn);
        trial.problems().forEach(problem -> warn(problem.sentence()));
        return trial.problems().isEmpty();
    }

    /** Whether a plain start could be decided; it then goes on from that. */
    private boolean tryState(JobConfig job) throws InterruptedException {
        try {
            LiveJob.requireNone(job, job.flink());
            StartingState from = StateOptions.decide(null, job);
            from.notes().forEach(this::warn);
            from.applyTo(job.flink());
            say("as it should be: state (%s)".formatted(from.sentence()));
            return true;
        } catch (RecoveryException e) {
            warn(e.getMessage());
            job.flink().removeConfig(StateRecoveryOptions.SAVEPOINT_PATH);
            return false;
        }
    }

    private void say(String sentence) {
        spec.commandLine().getOut().println(sentence);
        spec.commandLine().getOut().flush();
    }

    private void warn(String sentence) {
        LOG.warn("{}", sentence);
        spec.commandLine().getErr().println("rankstream: " + sentence);
        spec.commandLine().getErr().flush();
    }
}
