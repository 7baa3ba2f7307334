package org.apache.flink.metrics.prometheus;

import io.prometheus.client.exporter.HTTPServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;

/**
 * Flink's Prometheus reporter, served to this machine alone: Flink's own {@link PrometheusReporter}
 * listens at every address. It is in Flink's package since what it serves is visible here alone.
 */
public final class LoopbackPrometheusReporter extends AbstractPrometheusReporter {

    private final HTTPServer server;

    /**
     * Begins to serve.
     *
     * @param port 0 takes a free one
     * @throws IOException if the port cannot be taken
     */
    public LoopbackPrometheusReporter(int port) throws IOException {
        InetAddress loopback = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
        server = new HTTPServer(new InetSocketAddress(loopback, port), registry, true);
    }

    /** Where the metrics are. */
    public URI page() {
        return URI.create("http://127.0.0.1:" + server.getPort() + "/metrics");
    }

    @Override
    public void close() {
        server.stop();
        super.close();
    }
}
