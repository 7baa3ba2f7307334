package io.rankstream.ops.labeling;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.rankstream.ops.labeling.queue.Standing;
import io.rankstream.schemas.LabelRequest;
import io.rankstream.schemas.LabelVote;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/** What the page is told. What there is not is null. */
final class PageJson {

    private static final ObjectMapper JSON = new ObjectMapper();

    private PageJson() {}

    /** What to answer next, null for nothing. Why it is asked is not told: that would sway. */
    static byte[] next(Optional<LabelRequest> next) {
        ObjectNode root = JSON.createObjectNode();
        if (next.isEmpty()) {
            root.putNull("request");
        } else {
            request(next.get(), root.putObject("request"));
        }
        return bytes(root);
    }

    private static void request(LabelRequest request, ObjectNode node) {
        node.put("adapterId", request.getAdapterId());
        node.put("requestId", request.getRequestId());
        node.put("exampleId", request.getExampleId());
        node.put("text", request.getText());
        node.put("textPair", request.getTextPair());
        ObjectNode metadata = node.putObject("metadata");
        new TreeMap<>(request.getMetadata()).forEach(metadata::put);
        ArrayNode labels = node.putArray("labels");
        request.getLabels().forEach(labels::add);
        node.put("several", request.getSeveral());
        if (request.getSuggestion() instanceof String label) {
            node.put("suggestion", label);
        } else if (request.getSuggestion() instanceof Double number) {
            node.put("suggestion", number);
        } else if (request.getSuggestion() instanceof List<?> several) {
            ArrayNode suggested = node.putArray("suggestion");
            several.forEach(label -> suggested.add((String) label));
        } else {
            node.putNull("suggestion");
        }
        node.put("suggestionProbability", request.getSuggestionProbability());
        node.put("version", request.getVersion() == null ? null : request.getVersion().toString());
        node.put("requestedAt", request.getRequestedAt().toEpochMilli());
    }

    /**
     * How it stands.
     *
     * @param problem why nothing new is read; empty where all is well
     * @param unreadable records that this release cannot read
     */
    static byte[] standing(Standing standing, Optional<String> problem, long unreadable) {
        ObjectNode root = JSON.createObjectNode();
        root.put("reading", standing.reading());
        root.put("waiting", standing.waiting());
        root.put("open", standing.open());
        root.put("others", standing.others());
        ArrayNode adapters = root.putArray("adapters");
        standing.waitingByAdapter()
                .forEach(
                        (adapter, waiting) ->
                                adapters.addObject().put("id", adapter).put("waiting", waiting));
        root.put("leftOut", standing.leftOut());
        root.put("unshown", standing.unshown());
        root.put("unreadable", unreadable);
        root.put("holds", standing.holds());
        root.put("problem", problem.orElse(null));
        return bytes(root);
    }

    /** That a vote is stored. */
    static byte[] written(LabelVote vote) {
        return bytes(
                JSON.createObjectNode()
                        .put("labelId", vote.getLabelId())
                        .put("revision", vote.getRevision()));
    }

    private static byte[] bytes(ObjectNode root) {
        try {
            return JSON.writeValueAsBytes(root);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
