package io.rankstream.job.mapping;

import java.util.Arrays;
import java.util.Optional;

/**
 * Field of a labeled example or of an input without a label, by its name in the Avro schema and in
 * the configuration.
 */
public enum ExampleField {
    EXAMPLE_ID("exampleId"),
    ADAPTER_ID("adapterId"),
    TEXT("text"),
    LABEL("label"),
    EVENT_TIME("eventTime"),
    TEXT_PAIR("textPair"),
    METADATA("metadata"),
    PREDICTION("prediction");

    private final String key;

    ExampleField(String key) {
        this.key = key;
    }

    /** Its name. */
    public String key() {
        return key;
    }

    static Optional<ExampleField> of(String key) {
        return Arrays.stream(values()).filter(field -> field.key.equals(key)).findFirst();
    }
}
