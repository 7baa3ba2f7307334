package io.rankstream.ops.cli;

import io.rankstream.adapters.engine.EngineUnavailableException;
import io.rankstream.adapters.peft.PeftException;
import io.rankstream.adapters.snapshot.SnapshotException;
import io.rankstream.adapters.text.Excerpt;
import io.rankstream.adapters.weights.ModelLoadException;
import io.rankstream.job.config.option.ConfigException;
import io.rankstream.job.config.option.NearestKey;
import io.rankstream.job.preflight.PreflightException;
import io.rankstream.job.recovery.RecoveryException;
import io.rankstream.job.registry.RegistryException;
import io.rankstream.job.savepoint.SavepointException;
import io.rankstream.ops.adapter.AdapterFileException;
import io.rankstream.ops.cli.log.LogFile;
import io.rankstream.ops.cli.option.ExitCode;
import io.rankstream.ops.cli.run.DamagedStateException;
import io.rankstream.ops.cli.run.LiveJobMissingException;
import io.rankstream.ops.console.ConsoleException;
import io.rankstream.ops.control.CommandChannelException;
import io.rankstream.ops.demo.OutputFolderException;
import io.rankstream.ops.dlq.DeadLetterException;
import io.rankstream.ops.labeling.LabelingException;
import io.rankstream.ops.labelstudio.BridgeException;
import io.rankstream.ops.run.JobFailedException;
import io.rankstream.ops.run.JobStartException;
import io.rankstream.ops.send.RecordFileException;
import io.rankstream.ops.send.SendException;
import io.rankstream.ops.serve.ServeException;
import io.rankstream.ops.stack.StackException;
import io.rankstream.ops.standing.OutputsException;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** Tells the user what went wrong, in a sentence, and chooses the exit code. */
final class Failures implements IExecutionExceptionHandler, IParameterExceptionHandler {

    private final BooleanSupplier interrupted;

    Failures(BooleanSupplier interrupted) {
        this.interrupted = interrupted;
    }

    @Override
    public int handleParseException(ParameterException e, String[] args) {
        CommandLine command = e.getCommandLine();
        say(
                command,
                "%s (see '%s --help')"
                        .formatted(message(e, args), command.getCommandSpec().qualifiedName()));
        return ExitCode.USAGE;
    }

    /**
     * What follows an unknown option may be its value, so that the first alone is named. It comes
     * before what is missing, which may be what it was meant to be.
     */
    private static String message(ParameterException e, String[] args) {
        List<String> unmatched =
                e instanceof UnmatchedArgumentException unknown
                        ? unknown.getUnmatched()
                        : e.getCommandLine().getUnmatchedArguments();
        if (unmatched.isEmpty()) {
            return e.getMessage();
        }
        CommandSpec spec = e.getCommandLine().getCommandSpec();
        String first = unmatched.get(0);
        String name = first.replaceFirst("=.*", "");
        boolean isOption = name.startsWith("-");
        Set<String> known = isOption ? spec.optionsMap().keySet() : spec.subcommands().keySet();
        return (isOption
                        ? "Unknown option: %s".formatted(Excerpt.of(name))
                        : "Unmatched argument at index %d: %s"
                                .formatted(List.of(args).indexOf(first), Excerpt.of(first)))
                + NearestKey.ofSlip(name, known).map("; did you mean '%s'?"::formatted).orElse("");
    }

    @Override
    public int handleExecutionException(Exception e, CommandLine command, ParseResult result) {
        if (interrupted.getAsBoolean()) {
            return ExitCode.INTERRUPTED;
        }
        if (e instanceof ConfigException
                || e instanceof OutputFolderException
                || e instanceof AdapterFileException
                || e instanceof SnapshotException
                || e instanceof PeftException
                || e instanceof SavepointException
                || (e instanceof RecoveryException recovery && !recovery.isOfDamage())
                || e instanceof RecordFileException) {
            say(command, e.getMessage());
            return ExitCode.USAGE;
        }
        LoggerFactory.getLogger(Failures.class).error("The command failed.", e);
        if (e instanceof PreflightException preflight) {
            preflight.problems().forEach(problem -> say(command, problem));
            return ExitCode.ENVIRONMENT;
        }
        if (e instanceof StackException
                || e instanceof ServeException
                || e instanceof LiveJobMissingException
                || e instanceof DamagedStateException
                || e instanceof RecoveryException
                || e instanceof EngineUnavailableException
                || e instanceof ModelLoadException
                || e instanceof RegistryException
                || e instanceof DeadLetterException
                || e instanceof CommandChannelException
                || e instanceof SendException
                || e instanceof OutputsException
                || e instanceof ConsoleException
                || e instanceof BridgeException
                || e instanceof LabelingException) {
            say(command, e.getMessage());
            return ExitCode.ENVIRONMENT;
        }
        if (e instanceof JobStartException start) {
            say(command, e.getMessage() + " (details in " + LogFile.inUse() + ")");
            return start.isOfEnvironment() ? ExitCode.ENVIRONMENT : ExitCode.USAGE;
        }
        if (e instanceof JobFailedException) {
            say(command, e.getMessage() + " (details in " + LogFile.inUse() + ")");
            return ExitCode.FAILED;
        }
        say(command, "unexpected error: " + e + " (details in " + LogFile.inUse() + ")");
        return ExitCode.FAILED;
    }

    private static void say(CommandLine command, String sentence) {
        command.getErr().println("rankstream: " + sentence);
        command.getErr().flush();
    }
}
