package io.rankstream.adapters.model;

import com.fasterxml.jackson.databind.JsonNode;
import io.rankstream.adapters.weights.ModelLoadException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Hugging Face's config.json.
 *
 * @param file where it was read, for messages
 * @param json its content
 */
public record ConfigJson(Path file, JsonNode json) {

    /**
     * The build that it describes.
     *
     * @throws ModelLoadException if no family reads it
     */
    Architecture architecture() throws ModelLoadException {
        for (Family family : Family.ALL) {
            if (family.modelTypes().contains(modelType())) {
                return family.read(this);
            }
        }
        List<String> known =
                Family.ALL.stream().flatMap(family -> family.modelTypes().stream()).toList();
        throw unexpected("model_type", known);
    }

    /** What it calls the model's family; empty where it does not say. */
    public String modelType() {
        return json.path("model_type").asText("");
    }

    /**
     * Checks that a field asks for what is done.
     *
     * @param absent what a missing field means
     */
    public void requireText(String field, String expected, String absent)
            throws ModelLoadException {
        String found = json.path(field).isMissingNode() ? absent : json.get(field).asText();
        if (!expected.equals(found)) {
            throw unexpected(field, List.of(expected));
        }
    }

    private ModelLoadException unexpected(String field, List<String> expected) {
        return new ModelLoadException(
                file
                        + (json.path(field).isMissingNode()
                                ? " has no " + field
                                : " says " + field + " '" + json.get(field).asText() + "'")
                        + ", expected "
                        + expected.stream()
                                .map(value -> "'" + value + "'")
                                .collect(Collectors.joining(" or "))
                        + ": other encoders are not supported");
    }

    /** Checks that the model is no decoder. */
    public void requireEncoder() throws ModelLoadException {
        if (json.path("is_decoder").asBoolean(false)) {
            throw new ModelLoadException(
                    file + " says is_decoder true, expected an encoder: attention is not causal");
        }
    }

    /** A whole number that must be there. */
    public int integer(String field) throws ModelLoadException {
        JsonNode value = json.path(field);
        if (!value.isIntegralNumber() || !value.canConvertToInt()) {
            throw notThere(field, "a whole number");
        }
        return value.intValue();
    }

    /**
     * A number.
     *
     * @param absent what a missing field means
     */
    public float number(String field, float absent) throws ModelLoadException {
        JsonNode value = json.path(field);
        if (value.isMissingNode()) {
            return absent;
        }
        if (!value.isNumber()) {
            throw notThere(field, "a number");
        }
        return value.floatValue();
    }

    private ModelLoadException notThere(String field, String expected) {
        JsonNode value = json.path(field);
        return new ModelLoadException(
                file
                        + (value.isMissingNode()
                                ? " has no " + field
                                : " says " + field + " " + value)
                        + ", expected "
                        + expected);
    }
}
