package io.rankstream.job.mapping;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.rankstream.adapters.task.Target;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A target of several parts, as it is read: an object of start, end and perhaps label, or a list of
 * texts, of such objects, or of {@code [start, end, label]}.
 */
public final class TargetJson {

    /** All forms that a target may have, whatever its adapter learns. */
    public static final String FORMS =
            "a text, a number, a truth value, an object of start, end and, where it has"
                    + " one, label, such as {\"start\": 3, \"end\": 9, \"label\": \"name\"}, or a"
                    + " list of at most 1,000 texts, such objects, or [3, 9, \"name\"]";

    private final List<Target> members = new ArrayList<>();
    private String problem;

    /**
     * What a value is.
     *
     * @param target empty where there is a problem
     * @param problem what was found, such as "is an object with no start or no end"; what was
     *     expected depends on the adapter, and is one of {@link #FORMS}
     */
    public record Read(Optional<Target> target, Optional<String> problem) {}

    private TargetJson() {}

    /** Reads the object or list that the parser is at, to its end. */
    public static Read read(JsonParser parser) throws IOException {
        return new TargetJson().whole(parser);
    }

    private Read whole(JsonParser parser) throws IOException {
        boolean isList = parser.currentToken() == JsonToken.START_ARRAY;
        if (isList) {
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                member(parser);
            }
            Target.Several.mixture(members).ifPresent(this::wrong);
            if (members.size() > Target.Several.MOST_GIVEN) {
                wrong("%,d members".formatted(members.size()));
            }
        } else {
            span(parser);
        }
        if (problem != null) {
            return new Read(
                    Optional.empty(),
                    Optional.of(
                            "is %s with %s".formatted(isList ? "a list" : "an object", problem)));
        }
        return new Read(
                Optional.of(isList ? new Target.Several(members) : members.get(0)),
                Optional.empty());
    }

    private void member(JsonParser parser) throws IOException {
        switch (parser.currentToken()) {
            case START_OBJECT -> span(parser);
            case START_ARRAY -> triple(parser);
            case VALUE_STRING -> members.add(new Target.Label(text(parser)));
            default -> wrong(JsonDocuments.kind(parser));
        }
    }

    private void span(JsonParser parser) throws IOException {
        Parts parts = new Parts();
        Set<String> names = new HashSet<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = parser.currentName();
            parser.nextToken();
            if (!names.add(name)) {
                wrong("%s twice".formatted(Parts.NAMES.contains(name) ? name : "a name"));
            }
            part(Parts.NAMES.indexOf(name), parser, parts);
        }
        take(parts);
    }

    private void triple(JsonParser parser) throws IOException {
        Parts parts = new Parts();
        for (int i = 0; parser.nextToken() != JsonToken.END_ARRAY; i++) {
            part(i < Parts.NAMES.size() ? i : -1, parser, parts);
        }
        take(parts);
    }

    /**
     * @param index of its name; -1 of one that no span has
     */
    private void part(int index, JsonParser parser, Parts parts) throws IOException {
        JsonToken token = parser.currentToken();
        boolean isPlace =
                token == JsonToken.VALUE_NUMBER_INT
                        && parser.getNumberType() == JsonParser.NumberType.INT
                        && parser.getIntValue() >= 0;
        if (index == Parts.START && isPlace) {
            parts.start = parser.getIntValue();
        } else if (index == Parts.END && isPlace) {
            parts.end = parser.getIntValue();
        } else if (index == Parts.LABEL && token == JsonToken.VALUE_STRING) {
            parts.label = Optional.of(text(parser));
        } else if (index < 0) {
            wrong("more than start, end and label");
        } else if (index != Parts.LABEL || token != JsonToken.VALUE_NULL) {
            wrong(
                    index == Parts.LABEL
                            ? "a label that is no text"
                            : "a %s that is no place in the text, from 0"
                                    .formatted(Parts.NAMES.get(index)));
        }
        parser.skipChildren();
    }

    private void take(Parts parts) {
        if (parts.start < 0 || parts.end < 0) {
            wrong("no start or no end");
        } else {
            members.add(new Target.Span(parts.start, parts.end, parts.label));
        }
    }

    private String text(JsonParser parser) throws IOException {
        String text = parser.getText();
        if (JsonDocuments.isBroken(text)) {
            wrong("half of a surrogate pair");
        }
        return text;
    }

    private void wrong(String what) {
        if (problem == null) {
            problem = what;
        }
    }

    /** What was found of a span. */
    private static final class Parts {

        static final List<String> NAMES = List.of("start", "end", "label");
        static final int START = 0;
        static final int END = 1;
        static final int LABEL = 2;

        int start = -1;
        int end = -1;
        Optional<String> label = Optional.empty();
    }
}
