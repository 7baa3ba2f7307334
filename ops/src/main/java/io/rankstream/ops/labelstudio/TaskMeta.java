package io.rankstream.ops.labelstudio;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.rankstream.schemas.LabelRequest;
import java.util.Optional;

/**
 * What a task carries so that a bridge that knows nothing else knows which request it is.
 *
 * @param requestId newest request for the input
 * @param exampleId the input
 * @param adapterId adapter of the input
 * @param labelRevision revision of the labels that were asked for
 * @param suggestionShown whether the task has a prediction
 * @param votesWanted votes that the request asks for
 * @param closed whether the request was taken back
 * @param several whether any number of labels may be chosen
 */
record TaskMeta(
        String requestId,
        String exampleId,
        String adapterId,
        long labelRevision,
        boolean suggestionShown,
        int votesWanted,
        boolean closed,
        boolean several) {

    static TaskMeta of(LabelRequest request) {
        return new TaskMeta(
                request.getRequestId(),
                request.getExampleId(),
                request.getAdapterId(),
                request.getLabelRevision(),
                request.getSuggestion() != null,
                request.getVotesWanted(),
                false,
                request.getSeveral());
    }

    /** What a task carries; empty if it is not one of a bridge. */
    static Optional<TaskMeta> of(JsonNode json) {
        if (!json.path("requestId").isTextual()
                || !json.path("exampleId").isTextual()
                || !json.path("adapterId").isTextual()) {
            return Optional.empty();
        }
        return Optional.of(
                new TaskMeta(
                        json.get("requestId").asText(),
                        json.get("exampleId").asText(),
                        json.get("adapterId").asText(),
                        json.path("labelRevision").asLong(),
                        json.path("suggestionShown").asBoolean(),
                        json.path("votesWanted").asInt(1),
                        json.path("closed").asBoolean(),
                        json.path("several").asBoolean()));
    }

    TaskMeta isClosed() {
        return new TaskMeta(
                requestId,
                exampleId,
                adapterId,
                labelRevision,
                suggestionShown,
                votesWanted,
                true,
                several);
    }

    /** As the task has it. */
    ObjectNode json() {
        return JsonNodeFactory.instance
                .objectNode()
                .put("requestId", requestId)
                .put("exampleId", exampleId)
                .put("adapterId", adapterId)
                .put("labelRevision", labelRevision)
                .put("suggestionShown", suggestionShown)
                .put("votesWanted", votesWanted)
                .put("closed", closed)
                .put("several", several);
    }
}
