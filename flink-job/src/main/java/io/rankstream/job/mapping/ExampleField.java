package io.rankstream.job.mapping;

import java.util.Arrays;
import java.util.Optional;

/** A field of a labeled example that an object of JSON may hold under another name. */
public enum ExampleField {
    EXAMPLE_ID("exampleId"),
    ADAPTER_ID("adapterId"),
    TEXT("text"),
    LABEL("label"),
    EVENT_TIME("eventTime");

    private final String fieldName;

    ExampleField(String fieldName) {
        this.fieldName = fieldName;
    }

    /** Name of the field in {@code LabeledExample}. */
    public String fieldName() {
        return fieldName;
    }

    /** The field of a name. */
    public static Optional<ExampleField> of(String name) {
        return Arrays.stream(values()).filter(field -> field.fieldName.equals(name)).findFirst();
    }

    @Override
    public String toString() {
        return fieldName;
    }
}
