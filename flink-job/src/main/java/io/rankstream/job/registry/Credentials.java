package io.rankstream.job.registry;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.time.InstantSource;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.security.auth.login.AppConfigurationEntry;
import org.apache.kafka.common.security.JaasContext;

/** Who sends a request, as its headers tell. */
@FunctionalInterface
interface Credentials extends AutoCloseable {

    String BASIC = "basic.auth.credentials.source";
    String BEARER = "bearer.auth.credentials.source";

    /** Headers of a request that is made now. */
    Map<String, String> headers() throws IOException;

    @Override
    default void close() {}

    /** A token, and other headers. */
    record Bearer(BearerTokens tokens, Map<String, String> others) implements Credentials {

        @Override
        public Map<String, String> headers() throws IOException {
            Map<String, String> all = new HashMap<>(others);
            all.put("Authorization", "Bearer " + tokens.next());
            return all;
        }

        @Override
        public void close() {
            tokens.close();
        }
    }

    /**
     * Those of the options.
     *
     * @param userInfo user and password of the registry's URL
     * @param route how a server of tokens is reached
     * @param clock tells when a token ends
     * @throws IllegalArgumentException if they are incomplete or contradict one another
     */
    static Credentials of(
            ClientOptions options,
            Optional<String> userInfo,
            HttpRoute route,
            InstantSource clock) {
        Optional<String> bearer = options.get(BEARER);
        Optional<String> basic = options.get(BASIC);
        if (bearer.isEmpty()) {
            return basic(basic.orElse("URL"), options, userInfo);
        }
        if (basic.isPresent()) {
            throw new IllegalArgumentException(
                    "%s and %s are both there, expected one".formatted(BASIC, BEARER));
        }
        return bearer(bearer.get(), options, route, clock);
    }

    private static Credentials basic(
            String source, ClientOptions options, Optional<String> userInfo) {
        Optional<String> user =
                switch (source) {
                    case "URL" -> userInfo;
                    case "USER_INFO" -> Optional.of(options.require("basic.auth.user.info", BASIC));
                    case "SASL_INHERIT" -> Optional.of(saslUser(options));
                    default -> throw unknown(BASIC, source);
                };
        Map<String, String> headers =
                user.map(it -> Map.of("Authorization", "Basic " + base64(it))).orElse(Map.of());
        return () -> headers;
    }

    private static Credentials bearer(
            String source, ClientOptions options, HttpRoute route, InstantSource clock) {
        Map<String, String> headers = new HashMap<>();
        options.get("bearer.auth.logical.cluster")
                .ifPresent(cluster -> headers.put("target-sr-cluster", cluster));
        options.get("bearer.auth.identity.pool.id")
                .ifPresent(pool -> headers.put("Confluent-Identity-Pool-Id", pool));
        BearerTokens tokens =
                switch (source) {
                    case "STATIC_TOKEN" -> {
                        String token = options.require("bearer.auth.token", BEARER);
                        yield () -> token;
                    }
                    case "OAUTHBEARER" ->
                            BearerTokens.kept(
                                    new TokenServer(options, route, clock), options, clock);
                    case "SASL_OAUTHBEARER_INHERIT" ->
                            BearerTokens.kept(new SaslTokens(options), options, clock);
                    default -> throw unknown(BEARER, source);
                };
        return new Bearer(tokens, headers);
    }

    private static String saslUser(ClientOptions options) {
        List<AppConfigurationEntry> entries =
                JaasContext.loadClientContext(options.security()).configurationEntries();
        return "%s:%s"
                .formatted(
                        JaasContext.configEntryOption(entries, "username", null),
                        JaasContext.configEntryOption(entries, "password", null));
    }

    private static IllegalArgumentException unknown(String option, String source) {
        return new IllegalArgumentException(
                "%s is not one of its values: %s".formatted(option, source));
    }

    /** Of a text in UTF-8. */
    static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(UTF_8));
    }
}
