package io.rankstream.ops.labelstudio.api;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.List;
import java.util.stream.StreamSupport;

/**
 * A task, without its text.
 *
 * @param id its id, which a task that is made after it was deleted may get
 * @param meta what it was made with; a missing or null node for none
 * @param overlap annotations of different people that it waits for
 * @param isLabeled whether it waits for none
 * @param createdAt when it was made
 * @param updatedAt when it, or an annotation of it, was changed, made or deleted
 * @param annotations its annotations
 */
public record ApiTask(
        long id,
        JsonNode meta,
        int overlap,
        boolean isLabeled,
        Instant createdAt,
        Instant updatedAt,
        List<ApiAnnotation> annotations) {

    static ApiTask of(JsonNode json) {
        return new ApiTask(
                json.path("id").asLong(),
                json.path("meta"),
                json.path("overlap").asInt(1),
                json.path("is_labeled").asBoolean(),
                Times.of(json.path("created_at")),
                Times.of(json.path("updated_at")),
                StreamSupport.stream(json.path("annotations").spliterator(), false)
                        .map(ApiAnnotation::of)
                        .toList());
    }
}
