package io.rankstream.job.registry;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.rankstream.job.registry.BearerTokens.Token;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URLEncoder;
import java.time.InstantSource;

/** A server of OAuth that gives tokens to who shows a client's id and secret (RFC 6749, 4.4). */
final class TokenServer implements BearerTokens.Source {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String SOURCE = "bearer.auth.credentials.source: OAUTHBEARER";

    /** In seconds; some 68 years. */
    private static final long LONGEST_LIFE = Integer.MAX_VALUE;

    private final URI endpoint;
    private final String client;
    private final String request;
    private final HttpRoute route;
    private final InstantSource clock;

    TokenServer(ClientOptions options, HttpRoute route, InstantSource clock) {
        this.endpoint = URI.create(options.require("bearer.auth.issuer.endpoint.url", SOURCE));
        this.client =
                "%s:%s"
                        .formatted(
                                options.require("bearer.auth.client.id", SOURCE),
                                options.require("bearer.auth.client.secret", SOURCE));
        this.request =
                "grant_type=client_credentials"
                        + options.get("bearer.auth.scope")
                                .map(scope -> "&scope=" + URLEncoder.encode(scope, UTF_8))
                                .orElse("");
        this.route = route;
        this.clock = clock;
    }

    @Override
    public Token ask() throws IOException {
        HttpURLConnection connection = route.open(endpoint);
        try {
            connection.setRequestMethod("POST");
            connection.setRequestProperty("Accept", "application/json");
            connection.setRequestProperty("Content-Type", "application/x-www-form-urlencoded");
            connection.setRequestProperty("Authorization", "Basic " + Credentials.base64(client));
            connection.setDoOutput(true);
            try (OutputStream out = connection.getOutputStream()) {
                out.write(request.getBytes(UTF_8));
            }
            if (connection.getResponseCode() != HttpURLConnection.HTTP_OK) {
                throw new IOException(
                        "the token server at %s answered %d, see bearer.auth.*"
                                .formatted(endpoint.getHost(), connection.getResponseCode()));
            }
            try (InputStream answer = connection.getInputStream()) {
                return token(JSON.readTree(answer));
            }
        } finally {
            connection.disconnect();
        }
    }

    /** One that does not say how long it lives is asked for again each time. */
    private Token token(JsonNode answer) throws IOException {
        if (!answer.hasNonNull("access_token")) {
            throw new IOException(
                    "the token server at %s answered without access_token"
                            .formatted(endpoint.getHost()));
        }
        return new Token(
                answer.get("access_token").asText(),
                clock.instant()
                        .plusSeconds(Math.min(LONGEST_LIFE, answer.path("expires_in").asLong())));
    }
}
