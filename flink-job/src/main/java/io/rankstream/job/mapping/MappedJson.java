package io.rankstream.job.mapping;

import io.rankstream.adapters.task.Target;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What a JSON document has of a labeled example, or of an input.
 *
 * @param fields values of exampleId, adapterId, text, textPair and label, as far as they were found
 *     or have a default
 * @param target what the label is; null where it was not found
 * @param eventTime milliseconds since 1970; empty if the document has no time, or a wrong one
 * @param problems everything that is wrong with it, in the order of the fields; with none, all
 *     fields are there but textPair, which an example need not have, and the label of an input
 * @param metadata what people shall see beside an input, in the order of the document; unmodifiable
 * @param given what another model has said of an input
 */
public record MappedJson(
        Map<ExampleField, String> fields,
        Target target,
        OptionalLong eventTime,
        List<String> problems,
        Map<String, String> metadata,
        Optional<MappedPrediction> given) {

    public MappedJson {
        fields = Map.copyOf(fields);
        problems = List.copyOf(problems);
        metadata = Collections.unmodifiableMap(new LinkedHashMap<>(metadata));
    }

    /** Value of {@code field}, or null. */
    public String get(ExampleField field) {
        return fields.get(field);
    }
}
