package io.rankstream.job.decode.avro;

import io.rankstream.adapters.task.Target;
import io.rankstream.job.input.GivenPrediction;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Values of a record's fields, by name. What is not there is null. */
public final class FieldValues {

    private final Map<String, Object> values = new HashMap<>();

    void put(NeededField field, Object value) {
        values.put(field.name(), value);
    }

    /** Value of a field that means {@link FieldMeaning#TEXT}. */
    public String text(String field) {
        return (String) values.get(field);
    }

    /** Value of a field that means {@link FieldMeaning#TEXTS}; empty where it is not there. */
    @SuppressWarnings("unchecked")
    public List<String> texts(String field) {
        return (List<String>) values.getOrDefault(field, List.of());
    }

    /**
     * Value of a field that means {@link FieldMeaning#NAMED_TEXTS}; empty where it is not there.
     */
    @SuppressWarnings("unchecked")
    public Map<String, String> namedTexts(String field) {
        return (Map<String, String>) values.getOrDefault(field, Map.of());
    }

    /** Value of a field that means {@link FieldMeaning#GIVEN_PREDICTION}. */
    public Optional<GivenPrediction> given(String field) {
        return Optional.ofNullable((GivenPrediction) values.get(field));
    }

    /** Value of a field that means {@link FieldMeaning#TARGET}. */
    public Target target(String field) {
        return (Target) values.get(field);
    }

    /**
     * Value of a field that means {@link FieldMeaning#TIME}, in milliseconds since the epoch, or
     * {@link FieldMeaning#WHOLE_NUMBER}.
     */
    public Long number(String field) {
        return (Long) values.get(field);
    }

    /**
     * Value of a field that means {@link FieldMeaning#FLAG}.
     *
     * @param otherwise what it is where it is not there
     */
    public boolean flag(String field, boolean otherwise) {
        return (Boolean) values.getOrDefault(field, otherwise);
    }
}
