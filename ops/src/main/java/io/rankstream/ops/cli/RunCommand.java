package io.rankstream.ops.cli;

import io.rankstream.job.config.ConfigFile;
import io.rankstream.job.config.JobConfig;
import io.rankstream.job.recovery.StartingState;
import io.rankstream.ops.run.RunningJob;
import java.io.PrintWriter;
import java.nio.file.Path;
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
            names = "--log",
            paramLabel = "FILE",
            description = "Log of this process; one in the folder for temporary files by default.")
    private Path log;

    @ArgGroup private StateOptions state;

    @Spec private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        if (log != null) {
            LogFile.use(log);
        }
        JobConfig job = ConfigFile.load(config);
        PrintWriter out = spec.commandLine().getOut();
        out.println("Log: " + LogFile.inUse());
        out.flush();
        StartingState from = StateOptions.decide(state, job);
        from.notes().forEach(out::println);
        out.println(from.sentence());
        from.applyTo(job.flink());
        try (RunningJob running = RunningJob.start(job)) {
            out.println("The job runs; Ctrl-C stops it.");
            out.flush();
            running.await();
        }
        out.println("The stream has ended.");
        out.flush();
        return ExitCode.OK;
    }
}
