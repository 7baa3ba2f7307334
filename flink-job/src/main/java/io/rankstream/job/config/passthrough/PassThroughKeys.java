package io.rankstream.job.config.passthrough;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.flink.connector.kafka.source.KafkaSourceOptions;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;

/**
 * Keys that the libraries know of which options are handed to. There may be more: of plugins, of
 * interceptors, of file systems.
 *
 * @param owner whose options they are
 * @param known keys that are known
 * @param open beginnings of keys that plugins name
 */
public record PassThroughKeys(String owner, Set<String> known, List<String> open) {

    /** Of the registry's client. */
    private static final Set<String> REGISTRY =
            Set.of(
                    "basic.auth.credentials.source",
                    "basic.auth.user.info",
                    "bearer.auth.credentials.source",
                    "bearer.auth.token",
                    "bearer.auth.issuer.endpoint.url",
                    "bearer.auth.client.id",
                    "bearer.auth.client.secret",
                    "bearer.auth.scope",
                    "bearer.auth.logical.cluster",
                    "bearer.auth.identity.pool.id",
                    "bearer.auth.cache.expiry.buffer.seconds",
                    "proxy.host",
                    "proxy.port");

    public static PassThroughKeys ofKafka() {
        return new PassThroughKeys(
                "Kafka", kafka().collect(Collectors.toSet()), List.of("config.providers."));
    }

    public static PassThroughKeys ofRegistry() {
        Stream<String> security =
                kafka().filter(key -> key.startsWith("ssl.") || key.startsWith("sasl."))
                        .flatMap(key -> Stream.of(key, "schema.registry." + key));
        return new PassThroughKeys(
                "the registry's client",
                Stream.concat(REGISTRY.stream(), security).collect(Collectors.toSet()),
                List.of());
    }

    public static PassThroughKeys ofFlink() {
        return new PassThroughKeys(
                "Flink",
                FlinkOptions.byKey().keySet(),
                List.of(
                        "metrics.reporter.",
                        "metrics.scope.",
                        "traces.reporter.",
                        "events.reporter.",
                        "external-resource.",
                        "env.",
                        "containerized.",
                        "fs.",
                        "s3.",
                        "s3a.",
                        "gs.",
                        "kubernetes.",
                        "yarn."));
    }

    private static Stream<String> kafka() {
        return Stream.of(
                        ConsumerConfig.configNames().stream(),
                        ProducerConfig.configNames().stream(),
                        AdminClientConfig.configNames().stream(),
                        FlinkOptions.of(KafkaSourceOptions.class).keySet().stream())
                .flatMap(keys -> keys);
    }

    /** Whether {@code key} may well be right. */
    boolean mayKnow(String key) {
        return known.contains(key) || open.stream().anyMatch(key::startsWith);
    }
}
