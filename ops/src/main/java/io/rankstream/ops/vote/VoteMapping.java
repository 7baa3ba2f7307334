package io.rankstream.ops.vote;

import com.fasterxml.jackson.core.JsonPointer;
import io.rankstream.job.mapping.JsonPath;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Where the fields of a vote stand in a document.
 *
 * @param places of all fields
 * @param defaults what stands in for fields that a document does not have
 */
public record VoteMapping(Map<VoteField, JsonPointer> places, Map<VoteField, String> defaults) {

    private static final String DEFAULTS = "defaults.";

    /** What votes of one file may have in common. */
    private static final Set<VoteField> WITH_DEFAULT =
            EnumSet.of(VoteField.ADAPTER_ID, VoteField.ANNOTATOR, VoteField.SOURCE);

    public VoteMapping {
        places = Collections.unmodifiableMap(new EnumMap<>(places));
        defaults = Map.copyOf(defaults);
    }

    /**
     * Reads a mapping such as {@code exampleId=ticket,label=truth,defaults.annotator=ann}; a field
     * that is not named stands under its own name. A comma of a value has a backslash before it.
     *
     * @param text the mapping; empty for that of all fields under their own names
     * @param isTable whether places are names of columns, taken as they are, instead of paths
     * @throws IllegalArgumentException with everything that is wrong
     */
    public static VoteMapping parse(String text, boolean isTable) {
        Map<VoteField, JsonPointer> places = new EnumMap<>(VoteField.class);
        Map<VoteField, String> defaults = new EnumMap<>(VoteField.class);
        List<String> problems = new ArrayList<>();
        for (String entry : text.isEmpty() ? new String[0] : text.split("(?<!\\\\),", -1)) {
            String[] sides = entry.replace("\\,", ",").split("=", 2);
            if (sides.length < 2) {
                problems.add("'%s' has no '=', expected field=path".formatted(entry.strip()));
            } else {
                put(sides[0].strip(), sides[1].strip(), isTable, places, defaults, problems);
            }
        }
        if (!problems.isEmpty()) {
            throw new IllegalArgumentException(String.join("; ", problems));
        }
        for (VoteField field : VoteField.values()) {
            places.putIfAbsent(field, column(field.key()));
        }
        return new VoteMapping(places, defaults);
    }

    private static void put(
            String key,
            String value,
            boolean isTable,
            Map<VoteField, JsonPointer> places,
            Map<VoteField, String> defaults,
            List<String> problems) {
        boolean isDefault = key.startsWith(DEFAULTS);
        VoteField field =
                VoteField.of(isDefault ? key.substring(DEFAULTS.length()) : key)
                        .filter(known -> !isDefault || WITH_DEFAULT.contains(known))
                        .orElse(null);
        if (field == null) {
            problems.add("'%s' is no field, expected one of %s".formatted(key, keys()));
        } else if (isDefault ? defaults.containsKey(field) : places.containsKey(field)) {
            problems.add("%s is given twice, expected once".formatted(key));
        } else if (isDefault) {
            defaults.put(field, value);
        } else if (isTable) {
            places.put(field, column(value));
        } else if (JsonPath.isValid(value)) {
            places.put(field, JsonPath.pointer(value));
        } else {
            problems.add("%s is '%s', expected %s".formatted(key, value, JsonPath.RULE));
        }
    }

    private static JsonPointer column(String name) {
        return JsonPointer.empty().appendProperty(name);
    }

    private static String keys() {
        return Stream.concat(
                        Arrays.stream(VoteField.values()).map(VoteField::key),
                        WITH_DEFAULT.stream().map(field -> DEFAULTS + field.key()))
                .collect(Collectors.joining(", "));
    }
}
