package io.rankstream.job.registry;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;

/**
 * Options of the registry's client, named as Confluent's client names them; a prefix of its own may
 * stand before each.
 */
record ClientOptions(Map<String, String> byName) {

    private static final String PREFIX = "schema.registry.";

    static ClientOptions of(Map<String, String> properties) {
        Map<String, String> byName = new HashMap<>(properties);
        properties.forEach(
                (name, value) -> {
                    if (name.startsWith(PREFIX)) {
                        byName.put(name.substring(PREFIX.length()), value);
                    }
                });
        return new ClientOptions(byName);
    }

    /** A value; empty where there is none, or a blank one. */
    Optional<String> get(String name) {
        return Optional.ofNullable(byName.get(name)).filter(value -> !value.isBlank());
    }

    /**
     * A value that must be there.
     *
     * @param reason which other option needs it
     */
    String require(String name, String reason) {
        return get(name)
                .orElseThrow(
                        () ->
                                new IllegalArgumentException(
                                        "%s is missing, which %s needs".formatted(name, reason)));
    }

    /** Whether TLS differs from Java's own. */
    boolean haveTls() {
        return byName.keySet().stream().anyMatch(name -> name.startsWith("ssl."));
    }

    /** Those of TLS and SASL, as Kafka's clients take them, with its defaults. */
    Map<String, Object> security() {
        ConfigDef security = new ConfigDef().withClientSslSupport().withClientSaslSupport();
        Map<String, Object> all = new HashMap<>(byName);
        all.putAll(new AbstractConfig(security, byName, false).values());
        return all;
    }
}
