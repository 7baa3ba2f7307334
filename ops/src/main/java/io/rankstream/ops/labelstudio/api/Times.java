package io.rankstream.ops.labelstudio.api;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/** Times as Label Studio writes them: ISO-8601, with an offset and microseconds. */
final class Times {

    /** A filter without a fraction of a second is not understood. */
    private static final DateTimeFormatter FILTER =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

    private Times() {}

    /** As filters of tasks have it. */
    static String written(Instant time) {
        return FILTER.format(time);
    }

    /** The epoch where there is none. */
    static Instant of(JsonNode json) {
        try {
            return OffsetDateTime.parse(json.asText()).toInstant();
        } catch (DateTimeException e) {
            return Instant.EPOCH;
        }
    }
}
