package io.rankstream.ops.labeling;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.rankstream.adapters.text.PlainText;
import io.rankstream.ops.labeling.queue.Answer;
import io.rankstream.ops.labeling.queue.RequestKey;
import io.rankstream.schemas.VoteKind;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** Reads what the page hands over, and says what is wrong with it. */
final class AnswerJson {

    private static final int LONGEST_ANNOTATOR = 256;
    private static final int LONGEST_ID = 1_024;
    private static final List<String> KINDS = List.of("VOTE", "SKIP", "RETRACT");

    private static final JsonMapper JSON =
            JsonMapper.builder()
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .build();

    private AnswerJson() {}

    /** It is no answer; the message is a sentence for whoever sent it. */
    static final class MalformedException extends Exception {

        private static final long serialVersionUID = 1L;

        MalformedException(String message) {
            super(message);
        }
    }

    /**
     * @param bytes of a JSON object
     * @throws MalformedException if it is none, or a member is missing or out of its bounds
     */
    static Answer read(byte[] bytes) throws MalformedException {
        JsonNode root = object(bytes);
        String kind = text(root, "kind", LONGEST_ID);
        if (!KINDS.contains(kind)) {
            throw new MalformedException("'kind' is not known, expected VOTE, SKIP or RETRACT.");
        }
        Optional<Object> label = label(root.path("label"));
        if (label.isPresent() && !kind.equals("VOTE")) {
            throw new MalformedException(
                    "'label' is given, expected none where 'kind' is " + kind + ".");
        }
        return new Answer(
                text(root, "decision", LONGEST_ID),
                annotator(text(root, "annotator", LONGEST_ANNOTATOR)),
                new RequestKey(
                        text(root, "adapterId", LONGEST_ID), text(root, "requestId", LONGEST_ID)),
                VoteKind.valueOf(kind),
                label,
                shown(root.path("suggestionShown")),
                leadTime(root.path("leadTimeMs")));
    }

    /**
     * The name of an annotator.
     *
     * @throws MalformedException if nobody can be called so
     */
    static String annotator(String name) throws MalformedException {
        if (name.length() > LONGEST_ANNOTATOR || !PlainText.isIn(name)) {
            throw new MalformedException(
                    "'annotator' is no name: expected 1 to %d characters, not all blank, without control characters."
                            .formatted(LONGEST_ANNOTATOR));
        }
        return name;
    }

    private static JsonNode object(byte[] bytes) throws MalformedException {
        try {
            JsonNode root = JSON.readTree(bytes);
            if (root != null && root.isObject()) {
                return root;
            }
        } catch (JsonProcessingException e) {
            throw new MalformedException(
                    "The body is no JSON: line %d cannot be read."
                            .formatted(e.getLocation() == null ? 0 : e.getLocation().getLineNr()));
        } catch (IOException e) {
            throw new MalformedException("The body is no JSON in UTF-8.");
        }
        throw new MalformedException("The body is no JSON object.");
    }

    private static String text(JsonNode root, String name, int longest) throws MalformedException {
        JsonNode node = root.path(name);
        if (!node.isTextual()
                || node.textValue().isEmpty()
                || node.textValue().length() > longest) {
            throw new MalformedException(
                    "'%s' is no text of 1 to %,d characters.".formatted(name, longest));
        }
        return node.textValue();
    }

    private static Optional<Object> label(JsonNode node) throws MalformedException {
        if (node.isMissingNode() || node.isNull()) {
            return Optional.empty();
        }
        if (node.isTextual()) {
            return Optional.of(node.textValue());
        }
        if (node.isNumber() && Double.isFinite(node.doubleValue())) {
            return Optional.of(node.doubleValue());
        }
        if (node.isArray() && node.valueStream().allMatch(JsonNode::isTextual)) {
            return Optional.of(node.valueStream().map(JsonNode::textValue).sorted().toList());
        }
        throw new MalformedException(
                "'label' is neither a text, nor a finite number, nor a list of texts.");
    }

    private static boolean shown(JsonNode node) throws MalformedException {
        if (!node.isBoolean()) {
            throw new MalformedException("'suggestionShown' is neither true nor false.");
        }
        return node.booleanValue();
    }

    private static Optional<Long> leadTime(JsonNode node) throws MalformedException {
        if (node.isMissingNode() || node.isNull()) {
            return Optional.empty();
        }
        if (!node.isIntegralNumber() || !node.canConvertToLong() || node.longValue() < 0) {
            throw new MalformedException(
                    "'leadTimeMs' is no whole number of milliseconds, expected 0 or more.");
        }
        return Optional.of(node.longValue());
    }
}
