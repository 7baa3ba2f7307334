package io.rankstream.job.registry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.rankstream.job.config.settings.RegistrySettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.security.auth.callback.Callback;
import javax.security.auth.login.AppConfigurationEntry;
import org.apache.kafka.common.security.auth.AuthenticateCallbackHandler;
import org.apache.kafka.common.security.oauthbearer.OAuthBearerToken;
import org.apache.kafka.common.security.oauthbearer.OAuthBearerTokenCallback;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who a registry is told that a request comes from, for each way to say so in the options. */
class CredentialsTest {

    private static final String BASIC = "basic.auth.credentials.source";
    private static final String BEARER = "bearer.auth.credentials.source";

    private RegistryServer registry;

    @BeforeEach
    void start() throws IOException {
        registry = new RegistryServer();
    }

    @AfterEach
    void stop() {
        registry.close();
    }

    @Test
    void nobodyIsNamedWithoutOptions() throws Exception {
        ask(registry.url(), Map.of());

        assertThat(registry.requests()).isNotEmpty();
        assertThat(registry.authorizations()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "schema.registry."})
    void aUserMayStandInTheOptions(String prefix) throws Exception {
        ask(
                registry.url(),
                Map.of(prefix + BASIC, "USER_INFO", prefix + "basic.auth.user.info", "rank:hé%20"));

        assertThat(registry.authorizations()).containsOnly(basic("rank:hé%20"));
    }

    @Test
    void aUserMayStandInTheUrl() throws Exception {
        ask(registry.url().replace("http://", "http://rank:h%2Fnter2@"), Map.of(BASIC, "URL"));

        assertThat(registry.authorizations()).containsOnly(basic("rank:h/nter2"));
    }

    @Test
    void aUserMayBeThatOfSasl() throws Exception {
        ask(
                registry.url(),
                Map.of(
                        BASIC,
                        "SASL_INHERIT",
                        "sasl.mechanism",
                        "PLAIN",
                        "sasl.jaas.config",
                        "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"rank\" password=\"hunter2\";"));

        assertThat(registry.authorizations()).containsOnly(basic("rank:hunter2"));
    }

    @Test
    void aTokenMayBeThatOfSasl() throws Exception {
        ask(
                registry.url(),
                Map.of(
                        BEARER,
                        "SASL_OAUTHBEARER_INHERIT",
                        "sasl.mechanism",
                        "OAUTHBEARER",
                        "sasl.login.callback.handler.class",
                        OneToken.class.getName(),
                        "sasl.jaas.config",
                        "org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginModule required;"));

        assertThat(registry.authorizations()).hasSize(2).containsOnly("Bearer abc");
    }

    /** A login that gives one token alone. */
    public static final class OneToken implements AuthenticateCallbackHandler {

        private boolean given;

        @Override
        public void configure(
                Map<String, ?> configs, String mechanism, List<AppConfigurationEntry> entries) {}

        @Override
        public void handle(Callback[] callbacks) throws IOException {
            if (given) {
                throw new IOException("the token was given before");
            }
            given = true;
            ((OAuthBearerTokenCallback) callbacks[0]).token(new ForEver());
        }

        @Override
        public void close() {}
    }

    private static final class ForEver implements OAuthBearerToken {

        @Override
        public String value() {
            return "abc";
        }

        @Override
        public Set<String> scope() {
            return Set.of();
        }

        @Override
        public long lifetimeMs() {
            return Long.MAX_VALUE;
        }

        @Override
        public String principalName() {
            return "rank";
        }

        @Override
        public Long startTimeMs() {
            return null;
        }
    }

    @Test
    void aTokenCountsOverTheUserOfTheUrl() throws Exception {
        ask(
                registry.url().replace("http://", "http://rank:hunter2@"),
                Map.of(BEARER, "STATIC_TOKEN", "bearer.auth.token", "abc"));

        assertThat(registry.authorizations()).containsOnly("Bearer abc");
    }

    @Test
    void aProxyIsAskedForTheRegistry() throws Exception {
        URI proxy = URI.create(registry.url());

        ask(
                "http://schemas.invalid/apis/ccompat/v7",
                Map.of("proxy.host", proxy.getHost(), "proxy.port", "" + proxy.getPort()));

        assertThat(registry.requests()).contains("GET /subjects/mails-value/versions");
    }

    @ParameterizedTest
    @CsvSource({
        "basic.auth.credentials.source, USER_INFO, basic.auth.user.info is missing",
        "basic.auth.credentials.source, NOBODY, not one of its values",
        "bearer.auth.credentials.source, STATIC_TOKEN, bearer.auth.token is missing",
        "bearer.auth.credentials.source, OAUTHBEARER, bearer.auth.issuer.endpoint.url is missing",
        "bearer.auth.credentials.source, CUSTOM, not one of its values",
        "proxy.host, localhost, proxy.port is missing",
        "ssl.truststore.location, /no/such/store, refuses its options"
    })
    void whatIsIncompleteIsRefusedAtOnce(String option, String value, String reason) {
        assertThatThrownBy(() -> ask(registry.url(), Map.of(option, value)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("the schema registry's client refuses its options")
                .hasMessageContaining(reason);
        assertThat(registry.requests()).isEmpty();
    }

    @Nested
    class OfAServerOfTokens {

        private final List<String> requests = Collections.synchronizedList(new ArrayList<>());
        private String answer = "{\"access_token\": \"t%d\", \"expires_in\": 3600}";
        private int status = 200;
        private HttpServer tokens;

        @BeforeEach
        void start() throws IOException {
            tokens =
                    HttpServer.create(
                            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            tokens.createContext("/token", this::handle);
            tokens.start();
        }

        @AfterEach
        void stop() {
            tokens.stop(0);
        }

        private void handle(HttpExchange exchange) throws IOException {
            try (exchange) {
                requests.add(
                        exchange.getRequestHeaders().getFirst("Authorization")
                                + " "
                                + new String(exchange.getRequestBody().readAllBytes(), UTF_8));
                byte[] body = answer.formatted(requests.size()).getBytes(UTF_8);
                exchange.sendResponseHeaders(status, body.length);
                exchange.getResponseBody().write(body);
            }
        }

        private Map<String, String> options(Map<String, String> more) {
            Map<String, String> options = new HashMap<>(more);
            options.put(BEARER, "OAUTHBEARER");
            options.put(
                    "bearer.auth.issuer.endpoint.url",
                    "http://127.0.0.1:%d/token".formatted(tokens.getAddress().getPort()));
            options.put("bearer.auth.client.id", "rank");
            options.put("bearer.auth.client.secret", "hunter2");
            return options;
        }

        @Test
        void aTokenIsKeptUntilItEnds() throws Exception {
            ask(registry.url(), options(Map.of("bearer.auth.scope", "read all")));

            assertThat(requests)
                    .containsExactly(
                            basic("rank:hunter2")
                                    + " grant_type=client_credentials&scope=read+all");
            assertThat(registry.authorizations()).hasSize(2).containsOnly("Bearer t1");
        }

        @ParameterizedTest
        @CsvSource({"60, ''", "3600, 4000"})
        void aTokenThatEndsSoonIsAskedForAgain(int seconds, String buffer) throws Exception {
            answer = "{\"access_token\": \"t%%d\", \"expires_in\": %d}".formatted(seconds);

            ask(registry.url(), options(Map.of("bearer.auth.cache.expiry.buffer.seconds", buffer)));

            assertThat(registry.authorizations()).containsExactly("Bearer t1", "Bearer t2");
        }

        @ParameterizedTest
        @CsvSource({"401, '{}', answered 401", "200, '{}', without access_token"})
        void aServerThatGivesNoneIsToldWithoutTheSecret(int refused, String body, String reason) {
            status = refused;
            answer = body;

            assertThatThrownBy(() -> ask(registry.url(), options(Map.of())))
                    .isInstanceOf(RegistryException.class)
                    .hasMessageContaining(reason)
                    .hasMessageNotContaining("hunter2");
        }
    }

    /** Asks twice. */
    private static void ask(String url, Map<String, String> options) throws RegistryException {
        RegistrySettings settings =
                new RegistrySettings(
                        url, options, Duration.ofSeconds(20), Duration.ofSeconds(60), true);
        try (SchemaRegistry client = new SchemaRegistry(settings)) {
            client.versions("mails-value");
            client.versions("mails-value");
        }
    }

    private static String basic(String user) {
        return "Basic " + Base64.getEncoder().encodeToString(user.getBytes(UTF_8));
    }
}
