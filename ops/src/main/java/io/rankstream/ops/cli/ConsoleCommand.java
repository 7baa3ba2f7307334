package io.rankstream.ops.cli;

import io.rankstream.job.config.JobConfig;
import io.rankstream.ops.cli.option.ConfigOption;
import io.rankstream.ops.cli.option.ExitCode;
import io.rankstream.ops.cli.option.LabelingOption;
import io.rankstream.ops.console.ConsoleSubject;
import io.rankstream.ops.console.ServedConsole;
import io.rankstream.ops.console.ServedLabeling;
import io.rankstream.ops.labeling.Labeling;
import java.io.PrintWriter;
import java.time.InstantSource;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Serves the page of a job that runs elsewhere. */
@Command(
        name = "console",
        description = {
            "Serves a page on this machine that shows how the adapters of a job learn, wherever the"
                    + " job runs: accuracy, loss, live ranks by module, versions and refused records."
                    + " It reads the newest 50,000 records of each of the job's outputs and those that"
                    + " follow, and writes none. '${ROOT-COMMAND-NAME} demo' and '${ROOT-COMMAND-NAME} run' serve the"
                    + " same page while they run."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class ConsoleCommand implements Callable<Integer> {

    @Mixin private ConfigOption config;

    @Option(
            names = "--port",
            paramLabel = "PORT",
            description = "Port of the page instead of console.port; 0 takes a free one.")
    private Integer port;

    @Mixin private LabelingOption labeling;

    @Spec private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        if (port != null && (port < 0 || port > 65_535)) {
            throw new ParameterException(
                    spec.commandLine(), "--port is %d, expected 0 to 65535".formatted(port));
        }
        JobConfig job = config.job();
        int wanted = port == null ? job.consolePort() : port;
        if (!labeling.isOn(job)) {
            serveConsole(job, wanted, Optional.empty());
            return ExitCode.OK;
        }
        Labeling asked = Labeling.open(job, InstantSource.system());
        if (job.loop().mode().learns()) {
            serveConsole(job, wanted, Optional.of(asked));
        } else {
            serveLabeling(wanted, asked);
        }
        return ExitCode.OK;
    }

    private void serveConsole(JobConfig job, int port, Optional<Labeling> labeling)
            throws Exception {
        ConsoleSubject subject =
                new ConsoleSubject(
                        config.file().getFileName().toString(),
                        config.file().toString(),
                        OptionalLong.empty());
        try (ServedConsole console =
                ServedConsole.openElsewhere(job, port, subject, labeling, InstantSource.system())) {
            say("Console: " + console.address());
            labeling.ifPresent(it -> say("Labeling: " + it.address(console.address())));
            untilInterrupted();
        }
    }

    /** Of a job without adapters, the console has nothing to show. */
    private void serveLabeling(int port, Labeling labeling) throws Exception {
        try (ServedLabeling served = ServedLabeling.open(port, labeling)) {
            say("Labeling: " + labeling.address(served.address()));
            untilInterrupted();
        }
    }

    private static void untilInterrupted() throws InterruptedException {
        new CountDownLatch(1).await();
    }

    private void say(String sentence) {
        PrintWriter out = spec.commandLine().getOut();
        out.println(sentence + " (until Ctrl-C)");
        out.flush();
    }
}
