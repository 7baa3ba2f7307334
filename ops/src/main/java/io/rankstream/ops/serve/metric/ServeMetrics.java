package io.rankstream.ops.serve.metric;

import io.prometheus.client.Collector;
import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.Counter;
import io.prometheus.client.Gauge;
import io.prometheus.client.Histogram;
import io.prometheus.client.exporter.common.TextFormat;
import io.rankstream.ops.serve.batch.PassEvents;
import io.rankstream.ops.serve.version.VersionEvents;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.function.DoubleSupplier;

/** What a server tells Prometheus. Thread-safe. */
public final class ServeMetrics implements PassEvents, VersionEvents {

    /** Content type of {@link #page}. */
    public static final String TYPE = TextFormat.CONTENT_TYPE_004;

    private static final String PREFIX = "rankstream_serve_";

    private static final double[] SECONDS = {
        .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10
    };

    private final CollectorRegistry registry = new CollectorRegistry();

    private final Counter requests =
            Counter.build(PREFIX + "requests_total", "Requests that were answered.")
                    .labelNames("route", "code")
                    .register(registry);
    private final Histogram requestSeconds =
            Histogram.build(
                            PREFIX + "request_seconds",
                            "Time from a request's last byte to its answer, of predictions that"
                                    + " were made.")
                    .buckets(SECONDS)
                    .register(registry);
    private final Counter texts = counter("texts_total", "Texts that something was said of.");
    private final Counter tokens = counter("tokens_total", "Their tokens, without padding.");
    private final Histogram passSeconds =
            Histogram.build(PREFIX + "pass_seconds", "Time of a pass through the base model.")
                    .buckets(SECONDS)
                    .register(registry);
    private final Histogram passAdapters =
            Histogram.build(PREFIX + "pass_adapters", "Adapters that share a pass.")
                    .buckets(1, 2, 4, 8, 16, 32, 64, 128, 256)
                    .register(registry);
    private final Histogram loadSeconds =
            Histogram.build(
                            PREFIX + "load_seconds",
                            "Time to read a version, check it and make it ready.")
                    .buckets(SECONDS)
                    .register(registry);
    private final Counter swaps =
            counter("swaps_total", "Times that a newer version took the place of another.");
    private final Counter refusals =
            counter("refusals_total", "Times that a version was found unusable.");

    private Counter counter(String name, String help) {
        return Counter.build(PREFIX + name, help).register(registry);
    }

    /** Adds a figure that is asked when it is told. */
    public void gauge(String name, String help, DoubleSupplier figure) {
        Gauge.build(PREFIX + name, help)
                .create()
                .setChild(
                        new Gauge.Child() {
                            @Override
                            public double get() {
                                return figure.getAsDouble();
                            }
                        })
                .register(registry);
    }

    /** A request was answered. */
    public void answered(String route, int code) {
        requests.labels(route, Integer.toString(code)).inc();
    }

    /** A request for predictions was answered with them. */
    public void predicted(Duration took) {
        requestSeconds.observe(seconds(took));
    }

    @Override
    public void passed(int adapters, int ofTexts, int ofTokens, Duration took) {
        texts.inc(ofTexts);
        tokens.inc(ofTokens);
        passAdapters.observe(adapters);
        passSeconds.observe(seconds(took));
    }

    @Override
    public void loaded(Duration took) {
        loadSeconds.observe(seconds(took));
    }

    @Override
    public void swapped() {
        swaps.inc();
    }

    @Override
    public void refused() {
        refusals.inc();
    }

    private static double seconds(Duration duration) {
        return duration.toNanos() / 1e9;
    }

    /** Names of all metrics. */
    public List<String> names() {
        return Collections.list(registry.metricFamilySamples()).stream()
                .map(ServeMetrics::name)
                .sorted()
                .toList();
    }

    private static String name(Collector.MetricFamilySamples family) {
        return family.type == Collector.Type.COUNTER && !family.name.endsWith("_total")
                ? family.name + "_total"
                : family.name;
    }

    /** All of it, in Prometheus's text format. */
    public byte[] page() {
        StringWriter page = new StringWriter();
        try {
            TextFormat.write004(page, registry.metricFamilySamples());
        } catch (IOException e) {
            throw new UncheckedIOException("a text cannot be written to memory", e);
        }
        return page.toString().getBytes(StandardCharsets.UTF_8);
    }
}
