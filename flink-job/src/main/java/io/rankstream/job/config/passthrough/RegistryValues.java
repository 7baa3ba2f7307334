package io.rankstream.job.config.passthrough;

import io.rankstream.job.config.option.Entry;
import io.rankstream.job.config.option.ValueType;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads values as the schema registry's client does: TLS and SASL as Kafka's clients do. */
public final class RegistryValues implements ValueRule {

    private static final String PREFIX = "schema.registry.";

    private static final Map<String, List<String>> NAMES =
            Map.of(
                    "basic.auth.credentials.source",
                    List.of("URL", "USER_INFO", "SASL_INHERIT"),
                    "bearer.auth.credentials.source",
                    List.of("STATIC_TOKEN", "OAUTHBEARER", "SASL_OAUTHBEARER_INHERIT"));

    /** Options that a source of credentials needs, by the option that names the source. */
    public static final Map<String, Map<String, String>> NEEDED =
            Map.of(
                    "basic.auth.credentials.source",
                    Map.of("USER_INFO", "basic.auth.user.info"),
                    "bearer.auth.credentials.source",
                    Map.of("STATIC_TOKEN", "bearer.auth.token"));

    private static final Map<String, ValueType<?>> TYPES =
            Map.of(
                    "bearer.auth.issuer.endpoint.url",
                    ValueType.httpUrl(),
                    "bearer.auth.cache.expiry.buffer.seconds",
                    ValueType.integer(0, Short.MAX_VALUE),
                    "proxy.port",
                    ValueType.integer(1, 65_535));

    private final KafkaValues kafka = new KafkaValues();

    @Override
    public Optional<String> broken(String name, Entry value) {
        String own = name.startsWith(PREFIX) ? name.substring(PREFIX.length()) : name;
        if (own.startsWith("ssl.") || own.startsWith("sasl.")) {
            return kafka.broken(own, value);
        }
        if (value.isList()) {
            return Optional.of("a single value");
        }
        List<String> names = NAMES.get(own);
        if (names != null) {
            return names.contains(value.texts().get(0))
                    ? Optional.empty()
                    : Optional.of("one of " + String.join(", ", names));
        }
        ValueType<?> type = TYPES.get(own);
        return type == null || type.read(value).isPresent()
                ? Optional.empty()
                : Optional.of(type.expected());
    }

    @Override
    public boolean maySpanLines(String name) {
        String own = name.startsWith(PREFIX) ? name.substring(PREFIX.length()) : name;
        return kafka.maySpanLines(own);
    }
}
