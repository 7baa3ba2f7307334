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
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Takes a savepoint of a running job and stops it. */
@Command(
        name = "stop",
        description = {
            "Takes a savepoint of a job and stops it: one that '${ROOT-COMMAND-NAME} run' runs on this machine, or one"
                    + " of the Flink cluster that flink.rest.address names. The job is found by its"
                    + " kafka.group-id."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false)
public final class StopCommand implements Callable<Integer> {

    @Mixin private SavepointOptions savepoint;

    @Option(
            names = "--drain",
            description =
                    "End the stream first: examples that wait are trained, and every adapter is"
                            + " published. For a job that is not to go on.")
    private boolean drain;

    @Spec private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        JobConfig job = savepoint.job();
        PrintWriter out = spec.commandLine().getOut();
        try (LiveJob live = LiveJobs.require(job)) {
            out.printf("Stopping %s%n", live.page());
            out.flush();
            out.printf(
                    "The job has stopped; all that it knew is in the savepoint %s%n",
                    live.stop(savepoint.folder(), drain));
            if (!drain) {
                out.printf("Go on with: %s%n", LiveJobs.goOn(live, savepoint.config()));
            }
        }
        out.flush();
        return ExitCode.OK;
    }
}
