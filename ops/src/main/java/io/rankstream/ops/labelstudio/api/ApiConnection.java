package io.rankstream.ops.labelstudio.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.rankstream.adapters.text.Excerpt;
import io.rankstream.ops.labelstudio.api.LabelStudioException.Kind;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Calls an instance of Label Studio. Each call is one attempt, but for one more where an access
 * token has expired. For use by one thread.
 */
final class ApiConnection {

    static final ObjectMapper JSON = new ObjectMapper();

    private static final Duration CONNECT_LIMIT = Duration.ofSeconds(5);
    private static final int UNAUTHORIZED = 401;
    private static final int FORBIDDEN = 403;
    private static final int NOT_FOUND = 404;
    private static final int TIMEOUT = 408;
    private static final int TOO_MANY = 429;
    private static final int SERVER_ERROR = 500;
    private static final int MOST_CHARACTERS = 300;

    private final URI base;
    private final ApiToken token;
    private final Duration limit;
    private final int mostBytes;
    private final HttpClient http =
            HttpClient.newBuilder()
                    .connectTimeout(CONNECT_LIMIT)
                    .version(HttpClient.Version.HTTP_1_1)
                    .followRedirects(HttpClient.Redirect.NEVER)
                    .build();

    /** What a personal access token has bought; null before the first call. */
    private String access;

    /**
     * Calls nothing yet.
     *
     * @param base address, without a path or with that which a proxy has put before it
     * @param limit how long an answer may take, to its end
     * @param mostBytes how long an answer may be
     */
    ApiConnection(URI base, ApiToken token, Duration limit, int mostBytes) {
        this.base = base;
        this.token = token;
        this.limit = limit;
        this.mostBytes = mostBytes;
    }

    /**
     * The answer to a call.
     *
     * @param task what the call is for, as in "... while listing tasks"
     * @param body null for none
     * @throws LabelStudioException if the answer is none of 2xx, or does not come
     */
    JsonNode call(String method, String path, JsonNode body, String task)
            throws LabelStudioException, InterruptedException {
        HttpResponse<String> response = send(method, path, body, authorization(task), task);
        if (response.statusCode() == UNAUTHORIZED && token.isPersonal()) {
            access = null;
            response = send(method, path, body, authorization(task), task);
        }
        return content(response, task);
    }

    private String authorization(String task) throws LabelStudioException, InterruptedException {
        if (!token.isPersonal()) {
            return "Token " + token.value();
        }
        if (access == null) {
            JsonNode refresh = JSON.createObjectNode().put("refresh", token.value());
            access =
                    content(send("POST", "/api/token/refresh/", refresh, null, task), task)
                            .path("access")
                            .asText();
        }
        return "Bearer " + access;
    }

    private HttpResponse<String> send(
            String method, String path, JsonNode body, String authorization, String task)
            throws LabelStudioException, InterruptedException {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(base + path))
                        .timeout(limit)
                        .header("Accept", "application/json")
                        .method(
                                method,
                                body == null
                                        ? BodyPublishers.noBody()
                                        : BodyPublishers.ofByteArray(bytes(body)));
        if (authorization != null) {
            request.header("Authorization", authorization);
        }
        if (body != null) {
            request.header("Content-Type", "application/json");
        }
        try {
            return whole(request.build());
        } catch (IOException e) {
            throw new LabelStudioException(
                    Kind.TRANSIENT,
                    "Label Studio at %s %s while %s: check that it runs and that --url is right"
                            .formatted(base, why(e), task),
                    e);
        }
    }

    /** The limit of a request itself ends where the answer begins. */
    private HttpResponse<String> whole(HttpRequest request)
            throws IOException, InterruptedException {
        CompletableFuture<HttpResponse<String>> answer =
                http.sendAsync(request, response -> new BoundedBody(mostBytes));
        try {
            return answer.get(limit.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            throw new HttpTimeoutException("the answer has begun and does not end");
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IOException failure
                    ? failure
                    : new IOException(e.getCause());
        } finally {
            answer.cancel(true);
        }
    }

    private static byte[] bytes(JsonNode body) {
        try {
            return JSON.writeValueAsBytes(body);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("a tree of JSON cannot be written", e);
        }
    }

    private String why(IOException e) {
        if (e instanceof HttpTimeoutException) {
            return "did not answer in time";
        }
        String message = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
        return "cannot be reached (" + shown(message) + ")";
    }

    private JsonNode content(HttpResponse<String> response, String task)
            throws LabelStudioException {
        int status = response.statusCode();
        if (status / 100 != 2) {
            throw refused(status, response, task);
        }
        if (response.body().isBlank()) {
            return MissingNode.getInstance();
        }
        try {
            return JSON.readTree(response.body());
        } catch (JsonProcessingException e) {
            throw new LabelStudioException(
                    Kind.FOREIGN,
                    "what answers at %s is no Label Studio: no JSON came while %s: check --url"
                            .formatted(base, task),
                    null);
        }
    }

    private LabelStudioException refused(int status, HttpResponse<String> response, String task) {
        Kind kind;
        String advice;
        if (status == UNAUTHORIZED || status == FORBIDDEN) {
            kind = Kind.FORBIDDEN;
            advice = status == UNAUTHORIZED ? "; " + tokenAdvice() : "";
        } else if (status == NOT_FOUND) {
            kind = Kind.GONE;
            advice = "";
        } else if (status == TIMEOUT || status == TOO_MANY || status >= SERVER_ERROR) {
            kind = Kind.TRANSIENT;
            advice = "";
        } else {
            Optional<String> elsewhere = response.headers().firstValue("Location");
            kind = elsewhere.isPresent() ? Kind.FOREIGN : Kind.REFUSED;
            advice =
                    elsewhere
                            .map(to -> "; it redirects to " + shown(to) + ": correct --url")
                            .orElse("");
        }
        return new LabelStudioException(
                kind,
                "Label Studio at %s answered %d while %s%s%s"
                        .formatted(base, status, task, reason(response.body()), advice),
                null);
    }

    private String tokenAdvice() {
        return token.isPersonal()
                ? "it was given a personal access token: it may be revoked, or another Label"
                        + " Studio's"
                : "it was given a legacy token, which is taken only where the organization permits"
                        + " that";
    }

    /** What Label Studio says of it; a page of HTML says nothing. */
    private String reason(String body) {
        try {
            JsonNode told = JSON.readTree(body);
            JsonNode errors = told.path("validation_errors");
            String reason = errors.isEmpty() ? told.path("detail").asText() : errors.toString();
            return reason.isEmpty() ? "" : ": " + shown(reason.replaceAll("[.]$", ""));
        } catch (JsonProcessingException e) {
            return "";
        }
    }

    private String shown(String text) {
        return Excerpt.printable(text.replace(token.value(), "******"), MOST_CHARACTERS);
    }
}
