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

/** Takes a savepoint of a job that goes on. */
@Command(
        name = "take",
        description = {
            "Takes a savepoint of a running job, which goes on: one that '${ROOT-COMMAND-NAME} run' runs on"
                    + " this machine, or one of the Flink cluster that flink.rest.address names."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class SavepointTakeCommand implements Callable<Integer> {

    @Option(
            names = "--config",
            paramLabel = "FILE",
            required = true,
            description = "Configuration that the job was started with.")
    private Path config;

    @Option(names = "--savepoint", paramLabel = "DIR", description = LiveJobs.FOLDER)
    private String folder;

    @Spec private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        JobConfig job = ConfigFile.load(config);
        PrintWriter out = spec.commandLine().getOut();
        try (LiveJob live = LiveJobs.require(job)) {
            Object savepoint = live.savepoint(Optional.ofNullable(folder).map(LiveJobs::absolute));
            out.printf("Took the savepoint %s%n", savepoint);
        }
        out.flush();
        return ExitCode.OK;
    }
}
