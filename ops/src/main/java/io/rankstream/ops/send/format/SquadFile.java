package io.rankstream.ops.send.format;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.rankstream.adapters.files.JsonFault;
import io.rankstream.adapters.text.Excerpt;
import io.rankstream.job.mapping.ExampleField;
import io.rankstream.ops.send.RecordFile;
import io.rankstream.ops.send.RecordFileException;
import io.rankstream.ops.send.SourceRecord;
import io.rankstream.ops.send.SourceRecord.Document;
import io.rankstream.ops.send.SourceRecord.Unreadable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.CharsetEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * A file of SQuAD, paragraph by paragraph: an object whose {@code data} lists articles, whose
 * {@code paragraphs} have a {@code context} and {@code qas}. An example's id is the question's.
 */
final class SquadFile implements RecordFile {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final String file;
    private final JsonParser parser;
    private final SentAs as;
    private final ArrayDeque<SourceRecord> waiting = new ArrayDeque<>();
    private final CharsetEncoder encoder = StandardCharsets.UTF_8.newEncoder();
    private boolean isInParagraphs;

    private SquadFile(String file, JsonParser parser, SentAs as) {
        this.file = file;
        this.parser = parser;
        this.as = as;
    }

    static RecordFile open(String file, InputStream bytes, SentAs as) throws IOException {
        SquadFile squad = new SquadFile(file, new JsonFactory().createParser(bytes), as);
        if (!squad.readsParagraph()) {
            throw new RecordFileException(
                    "%s is no file of squad: expected an object whose 'data' lists articles with 'paragraphs'"
                            .formatted(file));
        }
        return squad;
    }

    @Override
    public Optional<SourceRecord> next() throws IOException {
        while (waiting.isEmpty()) {
            if (!readsParagraph()) {
                return Optional.empty();
            }
        }
        return Optional.of(waiting.remove());
    }

    /** Reads one more; false at the end. */
    private boolean readsParagraph() throws IOException {
        try {
            JsonToken token = parser.nextToken();
            while (token != null) {
                if (isInParagraphs && token == JsonToken.START_OBJECT) {
                    long line = parser.currentTokenLocation().getLineNr();
                    addQuestions(line, JSON.readTree(parser));
                    return true;
                }
                if (isInParagraphs && token == JsonToken.END_ARRAY) {
                    isInParagraphs = false;
                } else if (token == JsonToken.FIELD_NAME) {
                    enter(parser.currentName());
                }
                token = parser.nextToken();
            }
            return false;
        } catch (JsonProcessingException e) {
            throw new RecordFileException(
                    "%s: the JSON cannot be read to its end%s".formatted(file, JsonFault.of(e)), e);
        }
    }

    private void enter(String field) throws IOException {
        JsonToken value = parser.nextToken();
        if (field.equals("paragraphs") && value == JsonToken.START_ARRAY) {
            isInParagraphs = true;
        } else if (!field.equals("data")) {
            parser.skipChildren();
        }
    }

    private void addQuestions(long line, JsonNode paragraph) {
        JsonNode context = paragraph.path("context");
        JsonNode questions = paragraph.path("qas");
        if (!context.isTextual() || !questions.isArray()) {
            waiting.add(
                    new Unreadable(
                            line,
                            "a paragraph lacks its context, a text, or its qas, a list of questions"));
            return;
        }
        questions.forEach(question -> waiting.add(record(line, context.textValue(), question)));
    }

    private SourceRecord record(long line, String passage, JsonNode question) {
        JsonNode id = question.path("id");
        if (!id.isValueNode() || id.isNull() || !question.path("question").isTextual()) {
            return new Unreadable(line, "a question lacks its id, or its question, a text");
        }
        if (!encoder.canEncode(passage + question.get("question").textValue())) {
            return new Unreadable(
                    line,
                    "question %s has half of a surrogate pair in it or its passage, expected characters"
                            .formatted(Excerpt.of(id.asText())));
        }
        ObjectNode document = JsonNodeFactory.instance.objectNode();
        document.put(ExampleField.EXAMPLE_ID.key(), id.asText());
        document.put(ExampleField.ADAPTER_ID.key(), as.adapterId());
        document.put(ExampleField.TEXT.key(), question.get("question").textValue());
        document.put(ExampleField.TEXT_PAIR.key(), passage);
        if (as.labeled()) {
            Optional<String> flaw = addAnswers(document, passage, question);
            if (flaw.isPresent()) {
                return new Unreadable(
                        line, "question %s %s".formatted(Excerpt.of(id.asText()), flaw.get()));
            }
        }
        return new Document(line, document.toString().getBytes(StandardCharsets.UTF_8));
    }

    /** A part of a passage, in code points. */
    private record Place(int start, int end) implements Comparable<Place> {

        @Override
        public int compareTo(Place other) {
            return start == other.start
                    ? Integer.compare(end, other.end)
                    : Integer.compare(start, other.start);
        }
    }

    /** What keeps them from being there; empty if nothing does. */
    private static Optional<String> addAnswers(
            ObjectNode document, String passage, JsonNode question) {
        boolean hasNone = question.path("is_impossible").asBoolean();
        JsonNode answers = question.path("answers");
        if (!hasNone && answers.isEmpty()) {
            return Optional.of(
                    "has no answers, and is_impossible does not say that there are none: send such questions with --unlabeled");
        }
        SortedSet<Place> places = new TreeSet<>();
        if (!hasNone) {
            for (JsonNode answer : answers) {
                Optional<Place> place = place(passage, answer);
                if (place.isEmpty()) {
                    return Optional.of(
                            "has the answer %s, which is not at character %s of its passage, counted in Unicode code points from 0"
                                    .formatted(
                                            Excerpt.of(answer.path("text").asText()),
                                            answer.path("answer_start")));
                }
                places.add(place.get());
            }
        }
        ArrayNode all = JsonNodeFactory.instance.arrayNode();
        places.forEach(place -> all.addObject().put("start", place.start).put("end", place.end));
        document.set(ExampleField.LABEL.key(), all.size() == 1 ? all.get(0) : all);
        return Optional.empty();
    }

    private static Optional<Place> place(String passage, JsonNode answer) {
        String text = answer.path("text").asText();
        int start = answer.path("answer_start").asInt(-1);
        if (text.isEmpty() || start < 0 || start > passage.codePointCount(0, passage.length())) {
            return Optional.empty();
        }
        return passage.startsWith(text, passage.offsetByCodePoints(0, start))
                ? Optional.of(new Place(start, start + text.codePointCount(0, text.length())))
                : Optional.empty();
    }

    @Override
    public void close() throws IOException {
        parser.close();
    }
}
