package io.rankstream.ops.cli.serve;

import io.rankstream.adapters.text.Amount;
import io.rankstream.job.config.JobConfig;
import io.rankstream.ops.cli.option.BrokerContact;
import io.rankstream.ops.cli.option.ConfigOption;
import io.rankstream.ops.cli.option.ExitCode;
import io.rankstream.ops.serve.AdapterServer;
import io.rankstream.ops.serve.version.AnnouncementFollower;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Answers requests by published adapters. */
@Command(
        name = "serve",
        description = {
            "Answers requests for predictions, by HTTP and JSON, with the adapters that jobs publish:"
                    + " it follows the topic of their versions and has each newer one take the place"
                    + " of the older, without a request that is dropped. All share one base model."
                    + " What it listens at, and its limits, are options under 'serve' of the"
                    + " configuration. Ctrl-C answers what has come, and ends it."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false)
public final class ServeCommand implements Callable<Integer> {

    private static final Duration LOOK = Duration.ofSeconds(1);

    @Mixin private ConfigOption config;

    @Option(
            names = "--port",
            paramLabel = "PORT",
            description = "Port instead of serve.port; 0 takes a free one.")
    private Integer port;

    @Spec private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        if (port != null && (port < 0 || port > 65_535)) {
            throw new ParameterException(
                    spec.commandLine(), "--port is %d, expected 0 to 65535".formatted(port));
        }
        JobConfig job = config.job();
        BrokerContact.require(job.kafka(), spec.commandLine().getErr());
        try (AdapterServer server =
                        AdapterServer.open(
                                job.model(),
                                port == null ? job.serve() : job.serve().withPort(port));
                AnnouncementFollower follower =
                        AnnouncementFollower.start(job, server.listener())) {
            server.follow(follower);
            say("Serving at %s".formatted(server.address()));
            tellWhenReady(server, follower);
            try {
                new CountDownLatch(1).await();
            } finally {
                Thread.interrupted(); // what has come is answered all the same
                server.drain();
            }
        }
        return ExitCode.OK;
    }

    private void tellWhenReady(AdapterServer server, AnnouncementFollower follower)
            throws InterruptedException {
        String told = "";
        while (!server.awaitReady(LOOK)) {
            String problem = follower.problem();
            if (!problem.isEmpty() && !problem.equals(told)) {
                PrintWriter err = spec.commandLine().getErr();
                err.println("rankstream: " + problem);
                err.flush();
                told = problem;
            }
        }
        say(
                "Ready: %s announced so far. Ctrl-C ends it."
                        .formatted(Amount.of(server.adapters(), "adapter")));
    }

    private void say(String sentence) {
        PrintWriter out = spec.commandLine().getOut();
        out.println(sentence);
        out.flush();
    }
}
