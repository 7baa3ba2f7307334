package io.rankstream.job.mapping;

import com.fasterxml.jackson.core.JsonPointer;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Where the fields of a labeled example, or of an input, stand in a JSON document.
 *
 * @param paths of fields, as {@link JsonPath} has them; a field without one is looked for under its
 *     own name at the top
 * @param defaults what stands in for fields that a document does not have
 * @param eventTimeUnit how the time of an event is written
 */
public record JsonMapping(
        Map<ExampleField, String> paths,
        Map<ExampleField, String> defaults,
        EventTimeUnit eventTimeUnit)
        implements Serializable {

    /** Default of {@code exampleId} that stands for the place of the document. */
    public static final String PLACE = "topic-partition-offset";

    /** Fields that can have a default. */
    public static final List<ExampleField> WITH_DEFAULT =
            List.of(ExampleField.EXAMPLE_ID, ExampleField.ADAPTER_ID, ExampleField.LABEL);

    private static final String UNIT = "eventTimeUnit";
    private static final String DEFAULTS = "defaults.";

    /** Keys of {@link #of} and {@link #parse}, in the order of the fields. */
    public static final List<String> KEYS = keys();

    public JsonMapping {
        Map<ExampleField, String> all = new EnumMap<>(ExampleField.class);
        for (ExampleField field : ExampleField.values()) {
            all.put(field, paths.getOrDefault(field, field.key()));
            JsonPath.pointer(all.get(field));
        }
        paths = Collections.unmodifiableMap(all);
        defaults = Map.copyOf(defaults);
        if (!WITH_DEFAULT.containsAll(defaults.keySet())
                || !defaults.getOrDefault(ExampleField.EXAMPLE_ID, PLACE).equals(PLACE)) {
            throw new IllegalArgumentException("defaults are " + defaults);
        }
    }

    /** Every field under its own name, at the top; times as ISO-8601. */
    public static JsonMapping ofOwnNames() {
        return new JsonMapping(Map.of(), Map.of(), EventTimeUnit.ISO);
    }

    /**
     * Mapping of a text such as {@code exampleId=ticket,adapterId=customer,text=body.text}, with
     * the {@link #KEYS} of {@link #of}. A comma of a value has a backslash before it.
     *
     * @throws IllegalArgumentException with everything that is wrong
     */
    public static JsonMapping parse(String text) {
        Map<String, String> entries = new LinkedHashMap<>();
        List<String> problems = new ArrayList<>();
        for (String entry : text.split("(?<!\\\\),", -1)) {
            String[] sides = entry.replace("\\,", ",").split("=", 2);
            if (sides.length < 2) {
                problems.add("'%s' has no '=', expected field=path".formatted(entry.strip()));
            } else if (entries.putIfAbsent(sides[0].strip(), sides[1].strip()) != null) {
                problems.add("%s is given twice, expected once".formatted(sides[0].strip()));
            }
        }
        return of(entries, problems);
    }

    /**
     * Mapping of paths by the names of fields, with {@code eventTimeUnit}, and with defaults as
     * {@code defaults.adapterId}.
     *
     * @throws IllegalArgumentException with everything that is wrong
     */
    public static JsonMapping of(Map<String, String> entries) {
        return of(entries, new ArrayList<>());
    }

    private static JsonMapping of(Map<String, String> entries, List<String> problems) {
        Map<ExampleField, String> paths = new EnumMap<>(ExampleField.class);
        Map<ExampleField, String> defaults = new EnumMap<>(ExampleField.class);
        EventTimeUnit unit = EventTimeUnit.ISO;
        for (Map.Entry<String, String> entry : entries.entrySet()) {
            String key = entry.getKey();
            String value = entry.getValue();
            if (!KEYS.contains(key)) {
                problems.add(
                        "'%s' is no field, expected one of %s"
                                .formatted(key, String.join(", ", KEYS)));
            } else if (key.equals(UNIT)) {
                unit = unit(value, problems);
            } else if (key.startsWith(DEFAULTS)) {
                putDefault(key, value, defaults, problems);
            } else if (!JsonPath.isValid(value)) {
                problems.add("%s is '%s', expected %s".formatted(key, value, JsonPath.RULE));
            } else {
                paths.put(ExampleField.of(key).orElseThrow(), value);
            }
        }
        if (!problems.isEmpty()) {
            throw new IllegalArgumentException(String.join("; ", problems));
        }
        return new JsonMapping(paths, defaults, unit);
    }

    /** Where {@code field} stands. */
    public JsonPointer pointer(ExampleField field) {
        return JsonPath.pointer(paths.get(field));
    }

    private static void putDefault(
            String key, String value, Map<ExampleField, String> defaults, List<String> problems) {
        ExampleField field = ExampleField.of(key.substring(DEFAULTS.length())).orElseThrow();
        if (field == ExampleField.EXAMPLE_ID && !value.equals(PLACE)) {
            problems.add("%s is '%s', expected %s".formatted(key, value, PLACE));
        } else {
            defaults.put(field, value);
        }
    }

    private static EventTimeUnit unit(String value, List<String> problems) {
        for (EventTimeUnit unit : EventTimeUnit.values()) {
            if (unit.name().toLowerCase(Locale.ROOT).equals(value)) {
                return unit;
            }
        }
        problems.add(
                "%s is '%s', expected one of %s"
                        .formatted(
                                UNIT,
                                value,
                                Arrays.stream(EventTimeUnit.values())
                                        .map(unit -> unit.name().toLowerCase(Locale.ROOT))
                                        .collect(Collectors.joining(", "))));
        return EventTimeUnit.ISO;
    }

    private static List<String> keys() {
        List<String> keys = new ArrayList<>();
        for (ExampleField field : ExampleField.values()) {
            keys.add(field.key());
        }
        keys.add(UNIT);
        WITH_DEFAULT.forEach(field -> keys.add(DEFAULTS + field.key()));
        return List.copyOf(keys);
    }
}
