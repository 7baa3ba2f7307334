package io.rankstream.ops.serve.api;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.rankstream.adapters.files.JsonFault;
import io.rankstream.ops.serve.http.Problem;
import io.rankstream.ops.serve.http.Request;
import java.io.IOException;
import java.util.Locale;

/** The JSON document that a request brings. */
final class JsonBody {

    private static final ObjectMapper JSON =
            JsonMapper.builder()
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
                    .build();

    private JsonBody() {}

    /**
     * The document, an object.
     *
     * @throws Problem if there is none, or it is something else
     */
    static JsonNode of(Request request) throws Problem {
        String type = request.contentType().orElse("").toLowerCase(Locale.ROOT);
        if (!type.replaceFirst(";.*", "").strip().equals("application/json")) {
            throw Problem.of(
                    415,
                    "the content type is '%s', expected application/json"
                            .formatted(request.contentType().orElse("")));
        }
        JsonNode document;
        try {
            document = JSON.readTree(request.body());
        } catch (JsonProcessingException e) {
            throw Problem.of(400, "the body is not JSON" + JsonFault.of(e));
        } catch (IOException e) {
            throw Problem.of(400, "the body cannot be read: " + e.getMessage());
        }
        if (document == null || !document.isObject()) {
            throw Problem.of(400, "the body is no JSON object, expected one");
        }
        return document;
    }
}
