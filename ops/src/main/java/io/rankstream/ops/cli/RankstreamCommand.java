package io.rankstream.ops.cli;

import io.rankstream.adapters.text.Program;
import io.rankstream.ops.cli.adapter.AdapterCommand;
import io.rankstream.ops.cli.dlq.DlqCommand;
import io.rankstream.ops.cli.init.InitCommand;
import io.rankstream.ops.cli.log.LogFile;
import io.rankstream.ops.cli.log.LogFileConverter;
import io.rankstream.ops.cli.log.TemporaryFiles;
import io.rankstream.ops.cli.option.ExitCode;
import io.rankstream.ops.cli.option.TimeConverter;
import io.rankstream.ops.cli.option.WholeNumber;
import io.rankstream.ops.cli.run.RunCommand;
import io.rankstream.ops.cli.savepoint.SavepointCommand;
import io.rankstream.ops.cli.savepoint.StopCommand;
import io.rankstream.ops.cli.serve.ServeCommand;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.time.Instant;
import java.util.function.BooleanSupplier;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.IFactory;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The command line. */
@Command(
        name = "rankstream",
        description = "Keeps AdaLoRA adapters of a language model trained on a live stream.",
        subcommands = {
            DemoCommand.class,
            StackCommand.class,
            InitCommand.class,
            SendCommand.class,
            TopCommand.class,
            ConsoleCommand.class,
            LabelStudioCommand.class,
            RunCommand.class,
            ServeCommand.class,
            StopCommand.class,
            ConfigCommand.class,
            DoctorCommand.class,
            AdapterCommand.class,
            DlqCommand.class,
            ControlCommand.class,
            SavepointCommand.class,
            HelpCommand.class
        },
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        synopsisSubcommandLabel = "COMMAND",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "  0:done",
            "  1:the job failed, two adapters differ, a command was refused, or an unexpected"
                    + " error",
            "  2:wrong usage or configuration, or a file that cannot be read",
            "  3:something that is needed is not there: broker, registry, model, Java or Maven",
            "130:interrupted"
        })
public final class RankstreamCommand {

    private boolean logChosen;

    RankstreamCommand() {}

    @Option(
            names = "--log",
            paramLabel = "FILE",
            scope = ScopeType.INHERIT,
            converter = LogFileConverter.class,
            description =
                    "Log of this process; by default one of its own in the folder rankstream of"
                            + " XDG_STATE_HOME, or of ~/.local/state.")
    void log(Path file) {
        LogFile.use(file);
        logChosen = true;
    }

    /** Logs to a file unless the command line names one. */
    void logByDefaultTo(Path file) {
        if (!logChosen) {
            LogFile.use(file);
        }
    }

    /** Runs a command and ends the process with its exit code. */
    public static void main(String[] args) {
        LogFile.useDefault();
        PrintWriter err = new PrintWriter(System.err, true, Charset.defaultCharset());
        System.exit(runWithTemporaryFiles(args, err));
    }

    private static int runWithTemporaryFiles(String[] args, PrintWriter err) {
        TemporaryFiles temporary;
        try {
            temporary = TemporaryFiles.redirect();
        } catch (IOException e) {
            err.println("rankstream: " + e.getMessage());
            return ExitCode.ENVIRONMENT;
        }
        Interruption interruption = Interruption.watch(err, temporary);
        int code = execute(commandLine(interruption::happened).setErr(err), args);
        temporary.remove();
        interruption.finished();
        return code;
    }

    /** An error of the JVM, such as a native library that does not fit, is told like any other. */
    private static int execute(CommandLine commandLine, String[] args) {
        try {
            return commandLine.execute(args);
        } catch (Error e) {
            LoggerFactory.getLogger(RankstreamCommand.class).error("The command failed.", e);
            commandLine
                    .getErr()
                    .println("rankstream: " + e + " (details in " + LogFile.inUse() + ")");
            return ExitCode.FAILED;
        }
    }

    /** Makes commands; one that runs a job knows whether it shall end. */
    private record Commands(BooleanSupplier interrupted) implements IFactory {

        @Override
        public <K> K create(Class<K> type) throws Exception {
            return type == RunCommand.class
                    ? type.cast(new RunCommand(interrupted))
                    : CommandLine.defaultFactory().create(type);
        }
    }

    /**
     * The command line, ready to execute.
     *
     * @param interrupted whether the process was asked to end, which explains any failure and ends
     *     a job
     */
    public static CommandLine commandLine(BooleanSupplier interrupted) {
        Failures failures = new Failures(interrupted);
        return new CommandLine(new RankstreamCommand(), new Commands(interrupted))
                .setCommandName(Program.name())
                .registerConverter(Integer.class, WholeNumber.INT)
                .registerConverter(int.class, WholeNumber.INT)
                .registerConverter(Long.class, WholeNumber.LONG)
                .registerConverter(long.class, WholeNumber.LONG)
                .registerConverter(Instant.class, new TimeConverter())
                .setExecutionStrategy(new StrictExecution())
                .setExecutionExceptionHandler(failures)
                .setParameterExceptionHandler(failures)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setUsageHelpAutoWidth(true);
    }
}
