package io.rankstream.job.config;

import java.io.Serializable;
import java.time.Duration;
import java.util.Map;

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
}
