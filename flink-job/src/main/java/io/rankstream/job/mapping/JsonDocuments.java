package io.rankstream.job.mapping;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import io.rankstream.adapters.files.JsonFault;
import io.rankstream.adapters.task.Target;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;

/**
 * Reads labeled examples, or inputs without a label, from JSON documents by a mapping. No document
 * makes it fail, and it keeps no more of one than the fields it is asked for. Safe for several
 * threads.
 *
 * <p>A document is one object in UTF-8, with or without a byte order mark or the frame of
 * Confluent's serializers in front of it. Texts, numbers and truth values are taken as their text,
 * as it is written; a label that is a number, an object or a list is a target of that kind, as
 * {@link TargetJson} says. Metadata is an object of such values, a prediction one of version,
 * labels and probabilities.
 */
public final class JsonDocuments {

    private static final char BYTE_ORDER_MARK = '\uFEFF';

    /** Confluent's serializer of JSON puts a byte 0 and a schema's id in front. */
    private static final byte FRAME_MAGIC = 0;

    private static final int FRAME_BYTES = 5;

    /** First byte of a byte order mark in UTF-8. */
    private static final byte UTF_8_MARK = (byte) 0xEF;

    private static final int SHOWN_CHARACTERS = 40;

    private static final Set<ExampleField> MAY_LACK =
            EnumSet.of(
                    ExampleField.EVENT_TIME,
                    ExampleField.TEXT_PAIR,
                    ExampleField.METADATA,
                    ExampleField.PREDICTION);

    private static final Set<ExampleField> OF_EXAMPLES =
            EnumSet.complementOf(EnumSet.of(ExampleField.METADATA, ExampleField.PREDICTION));

    private static final Set<ExampleField> OF_INPUTS =
            EnumSet.complementOf(EnumSet.of(ExampleField.LABEL));

    private final JsonMapping mapping;
    private final Function<String, Optional<String>> forms;
    private final Map<ExampleField, JsonPointer> pointers = new EnumMap<>(ExampleField.class);

    // names are not kept, so documents with ever new ones cannot fill a table of them
    private final JsonFactory json =
            JsonFactory.builder().disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES).build();

    /** Of labeled examples. */
    public JsonDocuments(JsonMapping mapping) {
        this(mapping, OF_EXAMPLES, adapter -> Optional.empty());
    }

    private JsonDocuments(
            JsonMapping mapping,
            Set<ExampleField> fields,
            Function<String, Optional<String>> forms) {
        this.mapping = mapping;
        this.forms = forms;
        fields.forEach(field -> pointers.put(field, mapping.pointer(field)));
    }

    /**
     * Of labeled examples, of whose adapters is known what they learn.
     *
     * @param forms what a label of an adapter looks like, to be told where it is none; empty for an
     *     adapter that is not known
     */
    public static JsonDocuments ofExamples(
            JsonMapping mapping, Function<String, Optional<String>> forms) {
        return new JsonDocuments(mapping, OF_EXAMPLES, forms);
    }

    /** Of inputs, which are not looked at for a label. */
    public static JsonDocuments ofInputs(JsonMapping mapping) {
        return new JsonDocuments(mapping, OF_INPUTS, adapter -> Optional.empty());
    }

    /** Whether a document in the frame of Confluent's serializers is one of JSON. */
    public static boolean isFramedJson(byte[] value) {
        return value.length > FRAME_BYTES
                && value[0] == FRAME_MAGIC
                && (value[FRAME_BYTES] == '{' || value[FRAME_BYTES] == UTF_8_MARK);
    }

    /**
     * What {@code document} has of an example or an input.
     *
     * @param place stands in for a missing exampleId if the mapping says so
     */
    public MappedJson read(byte[] document, String place) {
        Reading reading = new Reading();
        try (JsonParser parser = json.createParser(text(document))) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                return reading.refused(
                        "it is %s, expected one JSON object".formatted(kind(parser)));
            }
            reading.walk(parser, pointers);
            if (parser.nextToken() != null) {
                return reading.refused("more follows the end of its object");
            }
        } catch (CharacterCodingException e) {
            return reading.refused("it is not UTF-8");
        } catch (JsonProcessingException e) {
            return reading.refused("it is not JSON" + JsonFault.of(e));
        } catch (IOException e) {
            return reading.refused("it is not JSON: " + printable(e.getMessage()));
        }
        return reading.whole(place);
    }

    private static char[] text(byte[] document) throws CharacterCodingException {
        boolean isFramed = document.length >= FRAME_BYTES && document[0] == FRAME_MAGIC;
        int start = isFramed ? FRAME_BYTES : 0;
        CharBuffer text =
                StandardCharsets.UTF_8
                        .newDecoder()
                        .decode(ByteBuffer.wrap(document, start, document.length - start));
        if (text.hasRemaining() && text.get(text.position()) == BYTE_ORDER_MARK) {
            text.get();
        }
        char[] characters = new char[text.remaining()];
        text.get(characters);
        return characters;
    }

    /** Whether a text has half of a surrogate pair, which is no character. */
    static boolean isBroken(String text) {
        return text.codePoints()
                .anyMatch(
                        point ->
                                point >= Character.MIN_SURROGATE
                                        && point <= Character.MAX_SURROGATE);
    }

    /** What the parser is at, for messages. */
    static String kind(JsonParser parser) {
        if (parser.currentToken() == null) {
            return "empty";
        }
        return switch (parser.currentToken()) {
            case START_OBJECT -> "an object";
            case START_ARRAY -> "a list";
            case VALUE_NULL -> "null";
            case VALUE_STRING -> "a text";
            case VALUE_TRUE, VALUE_FALSE -> "a truth value";
            default -> "a number";
        };
    }

    private static String printable(String text) {
        String cut =
                text.length() <= SHOWN_CHARACTERS * 5
                        ? text
                        : text.substring(0, SHOWN_CHARACTERS * 5) + "…";
        return cut.replaceAll("\\p{C}", "\uFFFD");
    }

    /** One document. */
    private final class Reading {

        private final Map<ExampleField, String> found = new EnumMap<>(ExampleField.class);
        private Target target;

        /** What is wrong with its parts; what was expected is known once its adapter is. */
        private Optional<String> wrongTarget = Optional.empty();

        private final Map<String, String> metadata = new LinkedHashMap<>();
        private Optional<MappedPrediction> given = Optional.empty();
        private final Map<ExampleField, String> wrong = new EnumMap<>(ExampleField.class);

        /**
         * Reads the value that the parser is at.
         *
         * @param sought where in that value the fields are that can be in it
         */
        void walk(JsonParser parser, Map<ExampleField, JsonPointer> sought) throws IOException {
            JsonPointer label = sought.get(ExampleField.LABEL);
            if (label != null && label.matches() && parser.currentToken().isStructStart()) {
                parts(parser);
                return;
            }
            switch (parser.currentToken()) {
                case START_OBJECT -> {
                    JsonPointer prediction = sought.get(ExampleField.PREDICTION);
                    if (prediction != null && prediction.matches()) {
                        prediction(parser);
                        return;
                    }
                    JsonPointer beside = sought.get(ExampleField.METADATA);
                    boolean isMetadata = beside != null && beside.matches();
                    reject(sought, parser);
                    Set<String> names = new HashSet<>();
                    while (parser.nextToken() != JsonToken.END_OBJECT) {
                        String name = parser.currentName();
                        parser.nextToken();
                        if (isMetadata) {
                            metadata(name, parser);
                        }
                        into(parser, tails(sought, at -> at.matchProperty(name)), names.add(name));
                    }
                }
                case START_ARRAY -> {
                    reject(sought, parser);
                    for (int i = 0; parser.nextToken() != JsonToken.END_ARRAY; i++) {
                        int index = i;
                        into(parser, tails(sought, at -> at.matchElement(index)), true);
                    }
                }
                default -> {
                    for (Map.Entry<ExampleField, JsonPointer> field : sought.entrySet()) {
                        if (field.getValue().matches()) {
                            scalar(field.getKey(), parser);
                        }
                    }
                }
            }
        }

        private void parts(JsonParser parser) throws IOException {
            TargetJson.Read read = TargetJson.read(parser);
            wrongTarget = read.problem();
            read.target()
                    .ifPresent(
                            label -> {
                                target = label;
                                found.put(ExampleField.LABEL, label.shown());
                            });
        }

        private void metadata(String name, JsonParser parser) throws IOException {
            if (parser.currentToken() == JsonToken.VALUE_NULL) {
                return;
            }
            if (!parser.currentToken().isScalarValue()) {
                wrongMetadata(name, "which is " + kind(parser));
            } else if (isBroken(name) || isBroken(parser.getText())) {
                wrongMetadata(name, "which has half of a surrogate pair");
            } else if (metadata.put(name, parser.getText()) != null) {
                wrongMetadata(name, "which stands there twice");
            }
        }

        private void wrongMetadata(String name, String why) {
            wrong.putIfAbsent(
                    ExampleField.METADATA,
                    "has '%s', %s, expected %s"
                            .formatted(printable(name), why, expected(ExampleField.METADATA)));
        }

        private void prediction(JsonParser parser) throws IOException {
            PredictionJson read = PredictionJson.read(parser);
            given = read.prediction();
            read.problem()
                    .ifPresent(
                            problem ->
                                    wrong.put(
                                            ExampleField.PREDICTION,
                                            "%s, expected %s"
                                                    .formatted(
                                                            printable(problem),
                                                            expected(ExampleField.PREDICTION))));
        }

        private static String expected(ExampleField field) {
            return switch (field) {
                case METADATA -> "an object of texts, numbers and truth values";
                case PREDICTION ->
                        "an object of version, a text, labels, a list of texts, and probabilities, a"
                                + " list of numbers";
                default -> "a text, a number or a truth value";
            };
        }

        private void into(JsonParser parser, Map<ExampleField, JsonPointer> sought, boolean first)
                throws IOException {
            if (!first) {
                sought.keySet().forEach(field -> wrong.put(field, "stands there twice"));
            }
            if (sought.isEmpty() || !first) {
                parser.skipChildren();
            } else {
                walk(parser, sought);
            }
        }

        private static Map<ExampleField, JsonPointer> tails(
                Map<ExampleField, JsonPointer> sought, Function<JsonPointer, JsonPointer> step) {
            Map<ExampleField, JsonPointer> tails = new EnumMap<>(ExampleField.class);
            sought.forEach(
                    (field, at) -> {
                        JsonPointer tail = step.apply(at);
                        if (tail != null) {
                            tails.put(field, tail);
                        }
                    });
            return tails;
        }

        private void reject(Map<ExampleField, JsonPointer> sought, JsonParser parser) {
            sought.forEach(
                    (field, at) -> {
                        boolean isObject = parser.currentToken() == JsonToken.START_OBJECT;
                        if (at.matches() && !(isObject && field == ExampleField.METADATA)) {
                            wrong.put(
                                    field,
                                    "is %s, expected %s".formatted(kind(parser), expected(field)));
                        }
                    });
        }

        private void scalar(ExampleField field, JsonParser parser) throws IOException {
            if (parser.currentToken() == JsonToken.VALUE_NULL) {
                return;
            }
            if (field == ExampleField.METADATA || field == ExampleField.PREDICTION) {
                wrong.put(field, "is %s, expected %s".formatted(kind(parser), expected(field)));
                return;
            }
            String text = parser.getText();
            if (isBroken(text)) {
                wrong.put(field, "has half of a surrogate pair");
            } else {
                found.put(field, text);
                if (field == ExampleField.LABEL) {
                    target =
                            parser.currentToken().isNumeric()
                                    ? new Target.Numeric(Double.parseDouble(text))
                                    : new Target.Label(text);
                }
            }
        }

        /** A document that cannot be read to its end, with what was found before. */
        MappedJson refused(String why) {
            found.remove(ExampleField.EVENT_TIME);
            return new MappedJson(
                    found, target, OptionalLong.empty(), List.of(why), metadata, given);
        }

        MappedJson whole(String place) {
            OptionalLong eventTime = eventTime(found.remove(ExampleField.EVENT_TIME));
            wrongTarget.ifPresent(
                    what ->
                            wrong.putIfAbsent(
                                    ExampleField.LABEL, what + ", expected " + expectedTarget()));
            List<String> problems = new ArrayList<>();
            for (ExampleField field : pointers.keySet()) {
                if (wrong.containsKey(field)) {
                    found.remove(field);
                    problems.add(problem(field, wrong.get(field)));
                } else if (!found.containsKey(field) && !MAY_LACK.contains(field)) {
                    replace(field, place, problems);
                }
            }
            return new MappedJson(found, target, eventTime, problems, metadata, given);
        }

        private String expectedTarget() {
            return Optional.ofNullable(found.get(ExampleField.ADAPTER_ID))
                    .or(() -> Optional.ofNullable(mapping.defaults().get(ExampleField.ADAPTER_ID)))
                    .flatMap(forms)
                    .orElse(TargetJson.FORMS);
        }

        private void replace(ExampleField field, String place, List<String> problems) {
            String replacement = mapping.defaults().get(field);
            if (replacement == null) {
                problems.add(problem(field, "is missing or null"));
            } else {
                found.put(field, field == ExampleField.EXAMPLE_ID ? place : replacement);
                if (field == ExampleField.LABEL) {
                    target = ofDefault(replacement);
                }
            }
        }

        /**
         * A number where it is written as one is shown: it then means a label of that name, too.
         */
        private static Target ofDefault(String label) {
            return Target.Numeric.read(label)
                    .filter(number -> number.spellings().contains(label))
                    .map(Target.class::cast)
                    .orElse(new Target.Label(label));
        }

        private OptionalLong eventTime(String written) {
            if (written == null || wrong.containsKey(ExampleField.EVENT_TIME)) {
                return OptionalLong.empty();
            }
            try {
                return OptionalLong.of(mapping.eventTimeUnit().millis(written));
            } catch (IllegalArgumentException e) {
                String shown =
                        written.length() <= SHOWN_CHARACTERS
                                ? written
                                : written.substring(0, SHOWN_CHARACTERS) + "…";
                wrong.put(
                        ExampleField.EVENT_TIME,
                        "is '%s', expected %s".formatted(printable(shown), e.getMessage()));
                return OptionalLong.empty();
            }
        }

        private String problem(ExampleField field, String what) {
            boolean isUnderItsName = pointers.get(field).toString().equals("/" + field.key());
            return isUnderItsName
                    ? field.key() + " " + what
                    : "%s (at %s) %s".formatted(field.key(), mapping.paths().get(field), what);
        }
    }
}
