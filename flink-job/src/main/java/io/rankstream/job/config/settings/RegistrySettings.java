package io.rankstream.job.config.settings;

import io.rankstream.job.config.option.Secrets;
import java.io.Serializable;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/**
 * Schema registry with Confluent's API.
 *
 * @param url base URL
 * @param properties options for the client, e.g. authentication
 * @param requestTimeout limit of connecting and of reading, each
 * @param outageTimeout how long an unreachable registry is retried before the job fails
 * @param register whether schemas that are missing are registered
 */
public record RegistrySettings(
        String url,
        Map<String, String> properties,
        Duration requestTimeout,
        Duration outageTimeout,
        boolean register)
        implements Serializable {

    public RegistrySettings {
        properties = Map.copyOf(properties);
    }

    /** The URL to send requests to: without user and password, which are sent otherwise. */
    public String address() {
        return userInfo().isPresent()
                ? url.replace(URI.create(url).getRawAuthority(), host())
                : url;
    }

    /** {@code user:password} of the URL, as the registry expects them. */
    public Optional<String> userInfo() {
        String authority = URI.create(url).getRawAuthority();
        int end = authority.lastIndexOf('@');
        return end < 0 ? Optional.empty() : Optional.of(decoded(authority.substring(0, end)));
    }

    /** The URL as it may be shown: scheme, host and port, and a path if it is no secret. */
    public String shown() {
        return Secrets.redactUrl(address());
    }

    /** {@code text}, such as the client's error message, without secrets of these settings. */
    public String withoutSecrets(String text) {
        String clean = text.replace(url, shown()).replace(address(), shown());
        return Secrets.redact(Secrets.redactParts(clean, url), properties);
    }

    private String host() {
        String authority = URI.create(url).getRawAuthority();
        return authority.substring(authority.lastIndexOf('@') + 1);
    }

    private static String decoded(String userInfo) {
        return URLDecoder.decode(userInfo.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    /** Names the properties without their values, which may be secrets. */
    @Override
    public String toString() {
        return "RegistrySettings[url=%s, properties=%s, requestTimeout=%s, outageTimeout=%s, register=%s]"
                .formatted(
                        Secrets.redactUrl(url),
                        new TreeSet<>(properties.keySet()),
                        requestTimeout,
                        outageTimeout,
                        register);
    }
}
