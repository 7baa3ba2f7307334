package io.rankstream.job.mapping;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import io.rankstream.adapters.state.AdapterId;
import io.rankstream.job.mapping.MappedExample.Complete;
import io.rankstream.job.mapping.MappedExample.Incomplete;
import io.rankstream.schemas.LabeledExample;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Where an object of JSON holds the fields of a labeled example.
 *
 * <p>A path is the name of a field, or several joined by dots for objects within objects ({@code
 * body.text}); a field whose own name has dots is found by that name. A path that begins with a
 * slash is a JSON pointer (RFC 6901). A field that is not mapped is looked for under its own name.
 *
 * <p>Texts, numbers and booleans are taken as text; null counts as missing. An event time is ISO
 * 8601 with an offset, or seconds or milliseconds since the epoch (numbers from 10^11 on are
 * milliseconds).
 *
 * @param paths path of each field that has another name
 * @param defaults value of a field where the object has none
 */
public record ExampleMapping(Map<ExampleField, String> paths, Map<ExampleField, String> defaults) {

    private static final long SMALLEST_MILLIS = 100_000_000_000L;

    public ExampleMapping {
        paths = Map.copyOf(paths);
        defaults = Map.copyOf(defaults);
    }

    /** Path that a field is looked for under. */
    public String path(ExampleField field) {
        return paths.getOrDefault(field, field.fieldName());
    }

    /**
     * The example in {@code object}.
     *
     * @param arrival its time if it names none
     */
    public MappedExample read(JsonNode object, Instant arrival) {
        if (!object.isObject()) {
            return new Incomplete(List.of("expected an object, found " + kind(object)));
        }
        List<String> problems = new ArrayList<>();
        Map<ExampleField, String> values = new EnumMap<>(ExampleField.class);
        for (ExampleField field : ExampleField.values()) {
            text(object, field, problems).ifPresent(value -> values.put(field, value));
        }
        Instant time = time(values.get(ExampleField.EVENT_TIME), arrival, problems);
        String adapter = values.get(ExampleField.ADAPTER_ID);
        if (adapter != null && !AdapterId.isValid(adapter)) {
            problems.add(
                    "%s is '%s', expected %s"
                            .formatted(named(ExampleField.ADAPTER_ID), adapter, AdapterId.RULE));
        }
        if (!problems.isEmpty()) {
            return new Incomplete(problems);
        }
        return new Complete(
                LabeledExample.newBuilder()
                        .setExampleId(values.get(ExampleField.EXAMPLE_ID))
                        .setAdapterId(adapter)
                        .setText(values.get(ExampleField.TEXT))
                        .setLabel(values.get(ExampleField.LABEL))
                        .setEventTime(time)
                        .build());
    }

    private Optional<String> text(JsonNode object, ExampleField field, List<String> problems) {
        JsonNode node = find(object, path(field));
        if (node.isMissingNode() || node.isNull()) {
            Optional<String> given = Optional.ofNullable(defaults.get(field));
            if (given.isEmpty() && field != ExampleField.EVENT_TIME) {
                problems.add(named(field) + " is missing");
            }
            return given;
        }
        if (!node.isValueNode()) {
            problems.add("%s is %s, expected a text".formatted(named(field), kind(node)));
            return Optional.empty();
        }
        String text = node.asText();
        if (!StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
            problems.add(named(field) + " has half of a surrogate pair, which is no text");
            return Optional.empty();
        }
        return Optional.of(text);
    }

    private static JsonNode find(JsonNode object, String path) {
        if (path.startsWith("/")) {
            return object.at(JsonPointer.compile(path));
        }
        JsonNode literal = object.path(path);
        if (!literal.isMissingNode()) {
            return literal;
        }
        JsonNode node = object;
        for (String name : path.split("\\.", -1)) {
            node = node.path(name);
        }
        return node;
    }

    private Instant time(String value, Instant arrival, List<String> problems) {
        if (value == null) {
            return arrival;
        }
        try {
            return value.matches("-?\\d{1,18}")
                    ? sinceEpoch(Long.parseLong(value))
                    : OffsetDateTime.parse(value).toInstant();
        } catch (DateTimeException e) {
            problems.add(
                    "%s is '%s', expected ISO 8601 with an offset, such as 2026-05-04T10:00:00Z, or seconds or milliseconds since 1970"
                            .formatted(named(ExampleField.EVENT_TIME), value));
            return arrival;
        }
    }

    private static Instant sinceEpoch(long number) {
        return Math.abs(number) < SMALLEST_MILLIS
                ? Instant.ofEpochSecond(number)
                : Instant.ofEpochMilli(number);
    }

    /** How a message names a field: with its path where that is another. */
    private String named(ExampleField field) {
        String path = path(field);
        return path.equals(field.fieldName()) ? path : "%s (%s)".formatted(field, path);
    }

    private static String kind(JsonNode node) {
        return switch (node.getNodeType()) {
            case ARRAY -> "an array";
            case OBJECT -> "an object";
            case NULL -> "null";
            default -> "a single value";
        };
    }
}
