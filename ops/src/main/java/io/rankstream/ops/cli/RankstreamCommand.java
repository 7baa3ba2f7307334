package io.rankstream.ops.cli;

import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.util.function.BooleanSupplier;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;

/** The command line. */
@Command(
        name = "rankstream",
        description = "Keeps AdaLoRA adapters of a language model trained on a live stream.",
        subcommands = {
            DemoCommand.class,
            StackCommand.class,
            InitCommand.class,
            RunCommand.class,
            ConfigCommand.class,
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
            "  1:the job failed, two adapters differ, a command was refused, or an unexpected error",
            "  2:wrong usage or configuration, or a file that cannot be read",
            "  3:something that is needed is not there: broker, registry, model, Java or Maven",
            "130:interrupted"
        })
public final class RankstreamCommand {

    private RankstreamCommand() {}

    /** Runs a command and ends the process with its exit code. */
    public static void main(String[] args) {
        LogFile.use(LogFile.temporary());
        PrintWriter err = new PrintWriter(System.err, true, Charset.defaultCharset());
        Interruption interruption = Interruption.watch(err);
        int code = execute(commandLine(interruption::happened).setErr(err), args);
        interruption.finished();
        System.exit(code);
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

    /**
     * The command line, ready to execute.
     *
     * @param interrupted whether the process was asked to end, which explains any failure
     */
    static CommandLine commandLine(BooleanSupplier interrupted) {
        Failures failures = new Failures(interrupted);
        return new CommandLine(new RankstreamCommand())
                .setExecutionExceptionHandler(failures)
                .setParameterExceptionHandler(failures)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setUsageHelpAutoWidth(true);
    }
}
