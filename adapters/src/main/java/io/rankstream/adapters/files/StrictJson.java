package io.rankstream.adapters.files;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;

/**
 * Reads files that hold one value of JSON: a field that is there twice, or more after it, is an
 * error.
 */
public final class StrictJson {

    private static final JsonMapper JSON =
            JsonMapper.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .build();

    private StrictJson() {}

    /**
     * The value; a missing node where there is nothing.
     *
     * @throws JsonProcessingException if it is not JSON, which {@link JsonFault} tells people
     */
    public static JsonNode read(byte[] content) throws IOException {
        return JSON.readTree(content);
    }

    /** As {@link #read(byte[])}, of bytes that somebody else has decoded. */
    public static JsonNode read(String content) throws JsonProcessingException {
        return JSON.readTree(content);
    }

    /** As {@link #read(byte[])}, without closing the stream. */
    public static JsonNode read(InputStream content) throws IOException {
        return JSON.readTree(content);
    }
}
