package io.rankstream.ops.serve.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.flink.shaded.netty4.io.netty.handler.codec.http.HttpResponseStatus;

/**
 * What a request is answered with.
 *
 * @param status of HTTP
 * @param contentType type of the body
 * @param body not to be modified
 * @param headers more headers
 */
public record Reply(int status, String contentType, byte[] body, Map<String, String> headers) {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** A value as JSON. */
    public static Reply json(Object value) {
        return new Reply(200, "application/json", bytes(value), Map.of());
    }

    /** Why there is nothing else, as RFC 9457 has it. */
    public static Reply problem(Problem problem) {
        Map<String, Object> value = new LinkedHashMap<>();
        value.put("title", title(problem.status()));
        value.put("status", problem.status());
        value.put("detail", problem.getMessage());
        Map<String, String> headers = new LinkedHashMap<>();
        problem.retryAfter()
                .ifPresent(seconds -> headers.put("Retry-After", Integer.toString(seconds)));
        return new Reply(problem.status(), "application/problem+json", bytes(value), headers);
    }

    /** The same with one more header. */
    public Reply with(String name, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(name, value);
        return new Reply(status, contentType, body, more);
    }

    private static String title(int status) {
        return HttpResponseStatus.valueOf(status).reasonPhrase();
    }

    private static byte[] bytes(Object value) {
        try {
            return JSON.writeValueAsBytes(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("an answer of maps, lists and numbers is JSON", e);
        }
    }
}
