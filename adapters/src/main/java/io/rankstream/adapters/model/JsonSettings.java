package io.rankstream.adapters.model;

import com.fasterxml.jackson.databind.JsonNode;
import io.rankstream.adapters.weights.ModelLoadException;
import java.nio.file.Path;

/**
 * Fields of a JSON file in a model's directory. Each is read as its type and refused as any other:
 * what Python would make of a wrong one is not guessed.
 *
 * @param file where it was read, for messages
 * @param json its content
 */
public record JsonSettings(Path file, JsonNode json) {

    /** Characters of a value that a message shows. */
    private static final int MOST_SHOWN = 60;

    /** Whether the field is there and not null. */
    public boolean has(String field) {
        return json.hasNonNull(field);
    }

    /** A whole number that must be there. */
    public int integer(String field) throws ModelLoadException {
        JsonNode value = json.path(field);
        if (!value.isIntegralNumber() || !value.canConvertToInt()) {
            throw unexpected(field, "a whole number");
        }
        return value.intValue();
    }

    /**
     * A number.
     *
     * @param absent what a missing field means
     */
    public double number(String field, double absent) throws ModelLoadException {
        JsonNode value = json.path(field);
        if (value.isMissingNode()) {
            return absent;
        }
        if (!value.isNumber()) {
            throw unexpected(field, "a number");
        }
        return value.doubleValue();
    }

    /**
     * A text.
     *
     * @param absent what a missing field means
     */
    public String text(String field, String absent) throws ModelLoadException {
        JsonNode value = json.path(field);
        if (value.isMissingNode()) {
            return absent;
        }
        if (!value.isTextual()) {
            throw unexpected(field, "a text");
        }
        return value.textValue();
    }

    /**
     * True or false.
     *
     * @param absent what a missing field means
     */
    public boolean flag(String field, boolean absent) throws ModelLoadException {
        JsonNode value = json.path(field);
        if (value.isMissingNode()) {
            return absent;
        }
        if (!value.isBoolean()) {
            throw unexpected(field, "true or false");
        }
        return value.booleanValue();
    }

    /**
     * The error of a field that is not what was expected.
     *
     * @param expected the end of a sentence
     */
    public ModelLoadException unexpected(String field, String expected) {
        JsonNode value = json.path(field);
        return new ModelLoadException(
                file
                        + (value.isMissingNode()
                                ? " has no " + field
                                : " says " + field + " " + shown(value))
                        + ", expected "
                        + expected);
    }

    private static String shown(JsonNode value) {
        String text = value.isTextual() ? "'" + value.textValue() + "'" : value.toString();
        return text.length() <= MOST_SHOWN ? text : text.substring(0, MOST_SHOWN) + "…";
    }
}
