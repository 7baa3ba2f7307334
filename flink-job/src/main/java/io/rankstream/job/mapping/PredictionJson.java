package io.rankstream.job.mapping;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * An object such as {@code {"version": "v7", "labels": ["ham", "spam"], "probabilities": [0.1,
 * 0.9]}}, as it is read. Other names in it are skipped.
 */
final class PredictionJson {

    private static final List<String> NAMES = List.of("version", "labels", "probabilities");

    private final List<String> labels = new ArrayList<>();
    private final List<Float> probabilities = new ArrayList<>();
    private final Set<String> names = new HashSet<>();
    private String version;
    private String problem;

    private PredictionJson() {}

    /** Reads the object that the parser is at, to its end. */
    static PredictionJson read(JsonParser parser) throws IOException {
        PredictionJson read = new PredictionJson();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = parser.currentName();
            parser.nextToken();
            read.part(name, parser);
        }
        read.check();
        return read;
    }

    /** What was said; empty where there is a {@link #problem}. */
    Optional<MappedPrediction> prediction() {
        return problem == null
                ? Optional.of(new MappedPrediction(version, labels, probabilities))
                : Optional.empty();
    }

    /** The first thing that is wrong with it, such as "has no version". */
    Optional<String> problem() {
        return Optional.ofNullable(problem);
    }

    private void part(String name, JsonParser parser) throws IOException {
        if (!NAMES.contains(name)) {
            parser.skipChildren();
        } else if (!names.add(name)) {
            wrong("has %s twice".formatted(name));
            parser.skipChildren();
        } else if (name.equals("version")) {
            version = text("the version", parser);
        } else {
            list(name, parser);
        }
    }

    private void list(String name, JsonParser parser) throws IOException {
        if (parser.currentToken() != JsonToken.START_ARRAY) {
            wrong("has %s that are %s".formatted(name, JsonDocuments.kind(parser)));
            parser.skipChildren();
            return;
        }
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            if (name.equals("labels")) {
                labels.add(text("the label", parser));
            } else {
                probabilities.add(probability(parser));
            }
        }
    }

    private String text(String what, JsonParser parser) throws IOException {
        JsonToken token = parser.currentToken();
        if (!token.isScalarValue() || token == JsonToken.VALUE_NULL) {
            wrong("has %s %s".formatted(what, JsonDocuments.kind(parser)));
            parser.skipChildren();
            return "";
        }
        if (JsonDocuments.isBroken(parser.getText())) {
            wrong("has %s with half of a surrogate pair".formatted(what));
        }
        return parser.getText();
    }

    private float probability(JsonParser parser) throws IOException {
        if (!parser.currentToken().isNumeric()) {
            wrong("has the probability " + JsonDocuments.kind(parser));
            parser.skipChildren();
            return 0;
        }
        return Float.parseFloat(parser.getText());
    }

    private void check() {
        for (String name : NAMES) {
            if (!names.contains(name)) {
                wrong("has no " + name);
            }
        }
    }

    private void wrong(String what) {
        if (problem == null) {
            problem = what;
        }
    }
}
