package io.rankstream.job.config;

import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.FallbackKey;
import org.apache.flink.connector.kafka.source.KafkaSourceOptions;
import org.apache.flink.state.rocksdb.RocksDBOptions;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keys that the libraries know of which options are handed to. There may be more: of plugins, of
 * interceptors, of file systems.
 *
 * @param owner whose options they are
 * @param known keys that are known
 * @param open beginnings of keys that plugins name
 */
record PassThroughKeys(String owner, Set<String> known, List<String> open) {

    private static final Logger LOG = LoggerFactory.getLogger(PassThroughKeys.class);

    /** Of the registry's client, which lies behind another package. */
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
                    "bearer.auth.scope.claim.name",
                    "bearer.auth.sub.claim.name",
                    "bearer.auth.logical.cluster",
                    "bearer.auth.identity.pool.id",
                    "bearer.auth.cache.expiry.buffer.seconds",
                    "bearer.auth.custom.provider.class",
                    "proxy.host",
                    "proxy.port");

    static PassThroughKeys ofKafka() {
        return new PassThroughKeys(
                "Kafka", kafka().collect(Collectors.toSet()), List.of("config.providers."));
    }

    static PassThroughKeys ofRegistry() {
        Stream<String> security =
                kafka().filter(key -> key.startsWith("ssl.") || key.startsWith("sasl."))
                        .flatMap(key -> Stream.of(key, "schema.registry." + key));
        return new PassThroughKeys(
                "the registry's client",
                Stream.concat(REGISTRY.stream(), security).collect(Collectors.toSet()),
                List.of());
    }

    static PassThroughKeys ofFlink() {
        return new PassThroughKeys(
                "Flink",
                Stream.of(CheckpointingOptions.class, RocksDBOptions.class)
                        .flatMap(PassThroughKeys::optionsBeside)
                        .collect(Collectors.toSet()),
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
                        constants(KafkaSourceOptions.class).flatMap(PassThroughKeys::keys))
                .flatMap(keys -> keys);
    }

    /** Keys of the options in the package of {@code type}; none where they cannot be listed. */
    private static Stream<String> optionsBeside(Class<?> type) {
        String folder = type.getPackageName().replace('.', '/') + "/";
        try (JarFile jar = new JarFile(jarOf(type).toFile())) {
            return jar.stream()
                    .map(entry -> entry.getName())
                    .filter(
                            name ->
                                    name.startsWith(folder)
                                            && name.endsWith("Options.class")
                                            && name.indexOf('/', folder.length()) < 0)
                    .toList()
                    .stream()
                    .flatMap(name -> loaded(name, type.getClassLoader()))
                    .flatMap(PassThroughKeys::constants)
                    .flatMap(PassThroughKeys::keys);
        } catch (IOException | URISyntaxException | IllegalArgumentException e) {
            LOG.info("Misspelt options cannot be told: {} lists no classes", type.getPackage(), e);
            return Stream.empty();
        }
    }

    private static Path jarOf(Class<?> type) throws URISyntaxException {
        URI location = type.getProtectionDomain().getCodeSource().getLocation().toURI();
        return Path.of(location);
    }

    private static Stream<Class<?>> loaded(String file, ClassLoader loader) {
        String name = file.substring(0, file.length() - ".class".length()).replace('/', '.');
        try {
            return Stream.of(Class.forName(name, true, loader));
        } catch (ClassNotFoundException | LinkageError e) {
            LOG.debug("Options of {} are not known here", name, e);
            return Stream.empty();
        }
    }

    private static Stream<Object> constants(Class<?> type) {
        return Stream.of(type.getFields())
                .filter(field -> Modifier.isStatic(field.getModifiers()))
                .map(PassThroughKeys::value);
    }

    private static Object value(Field field) {
        try {
            return field.get(null);
        } catch (IllegalAccessException e) {
            throw new IllegalStateException("a public constant cannot be read: " + field, e);
        }
    }

    private static Stream<String> keys(Object constant) {
        if (!(constant instanceof ConfigOption<?> option)) {
            return Stream.empty();
        }
        Stream<String> former =
                StreamSupport.stream(option.fallbackKeys().spliterator(), false)
                        .map(FallbackKey::getKey);
        return Stream.concat(Stream.of(option.key()), former);
    }

    /** Whether {@code key} may well be right. */
    boolean mayKnow(String key) {
        return known.contains(key) || open.stream().anyMatch(key::startsWith);
    }
}
