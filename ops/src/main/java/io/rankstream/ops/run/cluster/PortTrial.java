package io.rankstream.ops.run.cluster;

import io.rankstream.job.config.JobConfig;
import io.rankstream.job.preflight.Trial;
import io.rankstream.ops.http.LocalServer;
import io.rankstream.ops.run.JobStartException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.apache.flink.configuration.IllegalConfigurationException;
import org.apache.flink.configuration.ReadableConfig;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.util.NetUtils;

/** Takes the ports that a start would take, and gives them back. */
public final class PortTrial {

    private static final String SUBJECT = "ports";

    private PortTrial() {}

    /**
     * Tries them.
     *
     * @param config completed for this process
     */
    public static Trial of(JobConfig config) {
        List<Trial.Problem> problems = new ArrayList<>();
        metrics(config).ifPresent(it -> problems.add(new Trial.Problem(SUBJECT, it)));
        webPage(config.flink()).ifPresent(it -> problems.add(new Trial.Problem(SUBJECT, it)));
        return new Trial(
                problems.isEmpty() ? List.of(SUBJECT) : List.of(),
                console(config).stream().toList(),
                problems);
    }

    private static Optional<String> metrics(JobConfig config) {
        if (config.metrics().prometheusPort().isEmpty()) {
            return Optional.empty();
        }
        int port = config.metrics().prometheusPort().getAsInt();
        try {
            LocalServer.tryPort(port);
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of(JobStartException.ofMetrics(port, e).getMessage());
        }
    }

    /** A job runs without its console. */
    private static Optional<String> console(JobConfig config) {
        try {
            LocalServer.tryPort(config.consolePort());
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of(
                    "the job would run without its console, since port %d of 127.0.0.1 cannot be had (%s): set console.port to another one, or to 0 for a free one"
                            .formatted(config.consolePort(), e.getMessage()));
        }
    }

    private static Optional<String> webPage(ReadableConfig flink) {
        Optional<String> ports = flink.getOptional(RestOptions.BIND_PORT);
        if (ports.isEmpty()) {
            return Optional.empty();
        }
        String address = flink.get(RestOptions.BIND_ADDRESS);
        try {
            requireOne(address, NetUtils.getPortRangeFromString(ports.get()));
            return Optional.empty();
        } catch (IOException | IllegalConfigurationException | IllegalArgumentException e) {
            return Optional.of(
                    "Flink's page cannot be served at port %s of %s (%s): choose another one for flink.rest.bind-port, or leave it out for a free one"
                            .formatted(ports.get(), address, e.getMessage()));
        }
    }

    /** Flink takes the first that is free. */
    private static void requireOne(String address, Iterator<Integer> ports) throws IOException {
        IOException taken = new IOException("it names none");
        while (ports.hasNext()) {
            try (ServerSocket socket = new ServerSocket()) {
                socket.bind(new InetSocketAddress(address, ports.next()));
                return;
            } catch (IOException e) {
                taken = e;
            }
        }
        throw taken;
    }
}
