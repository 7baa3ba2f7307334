package io.rankstream.ops.cli;

import io.rankstream.job.config.ConfigFile;
import io.rankstream.job.config.JobConfig;
import io.rankstream.job.recovery.LiveJob;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Stops a running job behind a savepoint. */
@Command(
        name = "stop",
        description = {
            "Stops a job behind a savepoint: one that '${ROOT-COMMAND-NAME} run' runs on this machine, or one"
                    + " of the Flink cluster that flink.rest.address names. The job is found by its"
                    + " kafka.group-id."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class StopCommand implements Callable<Integer> {

    @Option(
            names = "--config",
            paramLabel = "FILE",
            required = true,
            description = "Configuration that the job was started with.")
    private Path config;

    @Option(names = "--savepoint", paramLabel = "DIR", description = LiveJobs.FOLDER)
    private String folder;

    @Option(
            names = "--drain",
            description =
                    "End the stream first: examples that wait are trained, and every adapter is"
                            + " published. For a job that is not to go on.")
    private boolean drain;

    @Spec private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        JobConfig job = ConfigFile.load(config);
        PrintWriter out = spec.commandLine().getOut();
        try (LiveJob live = LiveJobs.require(job)) {
            out.printf("Stopping %s%n", live.page());
            out.flush();
            Object savepoint =
                    live.stop(Optional.ofNullable(folder).map(LiveJobs::absolute), drain);
            out.printf("The job has stopped behind the savepoint %s%n", savepoint);
            out.printf("Go on with: %s%n", LiveJobs.goOn(live, config));
        }
        out.flush();
        return ExitCode.OK;
    }
}
