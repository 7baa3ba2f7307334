package io.rankstream.job.config;

import java.io.Serializable;
import java.time.Duration;
import java.util.Map;
import java.util.TreeSet;

/**
 * Schema registry with Confluent's API.
 *
 * @param url base URL
 * @param properties options for the client, e.g. authentication
 * @param requestTimeout limit of connecting and of reading, each
 * @param outageTimeout how long an unreachable registry is retried before the job fails
 */
public record RegistrySettings(
        String url, Map<String, String> properties, Duration requestTimeout, Duration outageTimeout)
        implements Serializable {

    public RegistrySettings {
        properties = Map.copyOf(properties);
    }

    /** Names the properties without their values, which may be secrets. */
    @Override
    public String toString() {
        return "RegistrySettings[url=%s, properties=%s, requestTimeout=%s, outageTimeout=%s]"
                .formatted(
                        Secrets.redact(url),
                        new TreeSet<>(properties.keySet()),
                        requestTimeout,
                        outageTimeout);
    }
}
