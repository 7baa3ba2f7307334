package io.rankstream.ops.labelstudio.api;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;

/**
 * A project.
 *
 * @param id its id, which another project of another instance may have too
 * @param title what people call it
 * @param description what is said of it
 * @param labelConfig its labeling configuration, in XML
 * @param createdAt when it was made
 */
public record ApiProject(
        long id, String title, String description, String labelConfig, Instant createdAt) {

    static ApiProject of(JsonNode json) {
        return new ApiProject(
                json.path("id").asLong(),
                json.path("title").asText(),
                json.path("description").asText(""),
                json.path("label_config").asText(""),
                Times.of(json.path("created_at")));
    }
}
