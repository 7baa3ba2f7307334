package io.rankstream.ops.labelstudio.api;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * An annotation.
 *
 * @param id its id
 * @param completedBy the user who made it; empty where that user is no more
 * @param wasCancelled whether the task was skipped
 * @param updatedAt when it was made or changed
 * @param leadTime time that it took; empty where that is not known
 * @param result what it says, an array
 */
public record ApiAnnotation(
        long id,
        OptionalLong completedBy,
        boolean wasCancelled,
        Instant updatedAt,
        Optional<Duration> leadTime,
        JsonNode result) {

    private static final double MILLIS = 1000;

    static ApiAnnotation of(JsonNode json) {
        JsonNode by = json.path("completed_by");
        JsonNode user = by.isObject() ? by.path("id") : by;
        JsonNode lead = json.path("lead_time");
        return new ApiAnnotation(
                json.path("id").asLong(),
                user.isIntegralNumber() ? OptionalLong.of(user.asLong()) : OptionalLong.empty(),
                json.path("was_cancelled").asBoolean(),
                Times.of(json.path("updated_at")),
                lead.isNumber() && lead.asDouble() >= 0
                        ? Optional.of(Duration.ofMillis(Math.round(lead.asDouble() * MILLIS)))
                        : Optional.empty(),
                json.path("result"));
    }
}
