package io.rankstream.ops.cli;

import io.rankstream.adapters.text.Program;
import io.rankstream.ops.stack.Distribution;
import io.rankstream.ops.stack.LocalStack;
import io.rankstream.ops.stack.StackFolder;
import io.rankstream.ops.stack.StackPorts;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Serves a broker and a schema registry on this machine. */
@Command(
        name = "stack",
        description = {
            "Runs a Kafka broker and a schema registry on this machine until Ctrl-C. They serve the"
                    + " loopback interface alone. What was sent and registered stays in the folder:"
                    + " the next stack there goes on with it. For trying and for development, not for"
                    + " production: one node, no password."
        },
        mixinStandardHelpOptions = true,
        showDefaultValues = true,
        sortOptions = false)
final class StackCommand implements Callable<Integer> {

    private static final long LOOK_INTERVAL_MILLIS = 1000;

    @Option(
            names = "--folder",
            paramLabel = "DIR",
            defaultValue = "rankstream-stack",
            description = "Folder for data and logs. Delete it to begin anew.")
    private Path folder;

    @Option(
            names = "--broker-port",
            paramLabel = "PORT",
            defaultValue = "" + StackPorts.USUAL_BROKER,
            description =
                    "Port of the broker; 0 takes the one it had before, else any that is free.")
    private int brokerPort;

    @Option(
            names = "--registry-port",
            paramLabel = "PORT",
            defaultValue = "" + StackPorts.USUAL_REGISTRY,
            description =
                    "Port of the schema registry; 0 takes the one it had before, else any that is"
                            + " free.")
    private int registryPort;

    @Spec private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        requirePort("--broker-port", brokerPort);
        requirePort("--registry-port", registryPort);
        Distribution distribution = Distribution.locate();
        distribution.requireLocal();
        PrintWriter out = spec.commandLine().getOut();
        try (StackFolder claimed = StackFolder.claim(folder)) {
            out.println(
                    "Starting the broker and the schema registry (logs in " + claimed.logs() + ")");
            out.flush();
            Optional<StackPorts> before = claimed.lastPorts();
            StackPorts ports =
                    new StackPorts(brokerPort, registryPort)
                            .orAsBefore(before.orElse(StackPorts.ANY));
            try (LocalStack stack =
                    LocalStack.start(distribution, claimed.data(), claimed.logs(), ports)) {
                claimed.notePorts(stack.ports());
                before.ifPresent(last -> out.print(moved(last, stack.ports())));
                out.print(text(stack, claimed.root()));
                out.flush();
                while (true) {
                    stack.requireRunning();
                    Thread.sleep(LOOK_INTERVAL_MILLIS);
                }
            }
        }
    }

    /** What configurations have to follow that were written for the stack before this one. */
    private static String moved(StackPorts last, StackPorts now) {
        return changed("kafka.bootstrap-servers", last.bootstrapServers(), now.bootstrapServers())
                + changed("registry.url", last.registryUrl(), now.registryUrl());
    }

    private static String changed(String option, String last, String now) {
        return last.equals(now)
                ? ""
                : "%s was %s before: configurations for this stack need %s now%n"
                        .formatted(option, last, now);
    }

    private static String text(LocalStack stack, Path folder) {
        return """
               Broker    %s
               Registry  %s
               Both run until Ctrl-C. Their data stay in %s
               Next, in another terminal: %s%s
               """
                .formatted(
                        stack.bootstrapServers(),
                        stack.registryUrl(),
                        folder,
                        Program.command("init NAME --labels ham,spam"),
                        unlessUsual(
                                        " --bootstrap-servers ",
                                        stack.bootstrapServers(),
                                        StackPorts.USUAL.bootstrapServers())
                                + unlessUsual(
                                        " --registry ",
                                        stack.registryUrl(),
                                        StackPorts.USUAL.registryUrl()));
    }

    private static String unlessUsual(String option, String address, String usual) {
        return address.equals(usual) ? "" : option + address;
    }

    private void requirePort(String option, int port) {
        if (port < 0 || port > StackPorts.LARGEST) {
            throw new ParameterException(
                    spec.commandLine(),
                    "%s is %d, expected 0 to %d".formatted(option, port, StackPorts.LARGEST));
        }
    }
}
