package org.apache.flink.metrics.prometheus;

import io.prometheus.client.exporter.common.TextFormat;
import io.rankstream.ops.http.Exchange;
import io.rankstream.ops.http.LocalServer;
import java.io.IOException;
import java.io.StringWriter;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;

/**
 * Flink's Prometheus reporter, served to this machine alone: Flink's own {@link PrometheusReporter}
 * listens at every address, and answers whoever asks. It is in Flink's package since what it serves
 * is visible here alone.
 */
public final class LoopbackPrometheusReporter extends AbstractPrometheusReporter {

    private static final Set<String> PATHS = Set.of("/", "/metrics");

    private final LocalServer server;

    /**
     * Begins to serve.
     *
     * @param port 0 takes a free one
     * @throws IOException if the port cannot be taken
     */
    public LoopbackPrometheusReporter(int port) throws IOException {
        this(port, LocalServer.LIMIT);
    }

    /**
     * As above.
     *
     * @param limit how long a request may take to arrive, and a peer to take an answer
     */
    LoopbackPrometheusReporter(int port, Duration limit) throws IOException {
        server = LocalServer.start("metrics", port, limit, this::answer);
    }

    private void answer(Exchange exchange) throws IOException {
        if (!PATHS.contains(exchange.path())) {
            exchange.refuse(404, "The metrics are at /metrics.");
            return;
        }
        StringWriter page = new StringWriter();
        TextFormat.write004(page, registry.metricFamilySamples());
        exchange.send(
                200, TextFormat.CONTENT_TYPE_004, page.toString().getBytes(StandardCharsets.UTF_8));
    }

    /** Where the metrics are. */
    public URI page() {
        return server.address().resolve("metrics");
    }

    @Override
    public void close() {
        server.close();
        super.close();
    }
}
