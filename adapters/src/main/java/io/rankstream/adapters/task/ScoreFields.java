package io.rankstream.adapters.task;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A score as named numbers, for whoever stores it.
 *
 * @param values a {@code Long}, {@code long[]} or {@code double[]} each, in their order
 */
public record ScoreFields(Map<String, Object> values) {

    public ScoreFields {
        values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
        for (Map.Entry<String, Object> field : values.entrySet()) {
            Object value = field.getValue();
            if (!(value instanceof Long || value instanceof long[] || value instanceof double[])) {
                throw new IllegalArgumentException(
                        "the score's %s is no number and no list of numbers"
                                .formatted(field.getKey()));
            }
        }
    }

    /** A whole number. */
    public long number(String name) {
        return field(name, Long.class, "a whole number");
    }

    /** Whole numbers. */
    public long[] numbers(String name) {
        Object value = values.get(name);
        return value instanceof double[] none && none.length == 0
                ? new long[0]
                : field(name, long[].class, "whole numbers");
    }

    /** Numbers. */
    public double[] reals(String name) {
        Object value = values.get(name);
        return value instanceof long[] none && none.length == 0
                ? new double[0]
                : field(name, double[].class, "numbers");
    }

    private <V> V field(String name, Class<V> type, String expected) {
        Object value = values.get(name);
        if (!type.isInstance(value)) {
            throw new IllegalArgumentException(
                    "the score lacks its %s, expected %s".formatted(name, expected));
        }
        return type.cast(value);
    }
}
