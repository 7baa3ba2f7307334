package io.rankstream.ops.cli.savepoint;

import io.rankstream.job.config.JobConfig;
import io.rankstream.job.recovery.LiveJob;
import io.rankstream.ops.cli.option.ExitCode;
import io.rankstream.ops.cli.run.LiveJobs;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
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

    @Mixin private SavepointOptions savepoint;

    @Spec private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        JobConfig job = savepoint.job();
        PrintWriter out = spec.commandLine().getOut();
        try (LiveJob live = LiveJobs.require(job)) {
            out.printf("Took the savepoint %s%n", live.savepoint(savepoint.folder()));
        }
        out.flush();
        return ExitCode.OK;
    }
}
