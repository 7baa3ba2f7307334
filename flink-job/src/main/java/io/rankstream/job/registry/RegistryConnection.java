package io.rankstream.job.registry;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.rankstream.job.config.settings.RegistrySettings;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URLEncoder;
import java.time.InstantSource;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Requests to a schema registry with Confluent's API, one attempt each. Connecting and reading have
 * a limit each, and {@code ssl.endpoint.identification.algorithm} is this connection's own: the
 * newer client of the JDK offers neither. Thread-safe.
 */
final class RegistryConnection implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String CONTENT = "application/vnd.schemaregistry.v1+json";
    private static final int SUCCESS = 2;

    private final String address;
    private final HttpRoute route;
    private final Credentials credentials;

    /** The registry has answered that it does not do what was asked for. */
    static final class RefusedException extends Exception {

        private static final long serialVersionUID = 1L;

        private final int status;
        private final int code;

        RefusedException(int status, int code, String message) {
            super(message);
            this.status = status;
            this.code = code;
        }

        /** Of HTTP. */
        int status() {
            return status;
        }

        /** The registry's own, more exact; 0 where it gave none. */
        int code() {
            return code;
        }
    }

    /**
     * Asks nothing yet.
     *
     * @param clock tells when a token ends
     * @throws IllegalArgumentException if the settings have options that cannot be
     */
    RegistryConnection(RegistrySettings settings, InstantSource clock) {
        ClientOptions options = ClientOptions.of(settings.properties());
        this.address = settings.address().replaceFirst("/+$", "");
        this.route = HttpRoute.of(options, settings.requestTimeout());
        this.credentials = Credentials.of(options, settings.userInfo(), route, clock);
    }

    /**
     * What the registry has at a path.
     *
     * @param path its parts, not encoded
     */
    JsonNode get(String... path) throws IOException, RefusedException {
        return ask("GET", null, path);
    }

    /** What the registry answers to a schema. */
    JsonNode post(String schema, String... path) throws IOException, RefusedException {
        return ask("POST", JSON.createObjectNode().put("schema", schema), path);
    }

    @Override
    public void close() {
        credentials.close();
    }

    private JsonNode ask(String method, JsonNode body, String... path)
            throws IOException, RefusedException {
        HttpURLConnection request = route.open(URI.create(address + encoded(path)));
        try {
            request.setRequestMethod(method);
            request.setRequestProperty("Accept", CONTENT + ", application/json");
            for (Map.Entry<String, String> header : credentials.headers().entrySet()) {
                request.setRequestProperty(header.getKey(), header.getValue());
            }
            if (body != null) {
                request.setRequestProperty("Content-Type", CONTENT);
                request.setDoOutput(true);
                try (OutputStream out = request.getOutputStream()) {
                    JSON.writeValue(out, body);
                }
            }
            if (request.getResponseCode() / 100 != SUCCESS) {
                throw refused(request);
            }
            try (InputStream answer = request.getInputStream()) {
                return JSON.readTree(answer);
            }
        } finally {
            request.disconnect();
        }
    }

    private static String encoded(String... path) {
        return Stream.of(path)
                .map(part -> "/" + URLEncoder.encode(part, UTF_8).replace("+", "%20"))
                .collect(Collectors.joining());
    }

    private static RefusedException refused(HttpURLConnection request) throws IOException {
        int status = request.getResponseCode();
        try (InputStream answer = request.getErrorStream()) {
            JsonNode told = answer == null ? JSON.nullNode() : JSON.readTree(answer);
            if (told.hasNonNull("message")) {
                return new RefusedException(
                        status, told.path("error_code").asInt(), told.get("message").asText());
            }
        } catch (JacksonException e) {
            // a page of a proxy, which says nothing to us
        }
        return new RefusedException(status, 0, request.getResponseMessage());
    }
}
