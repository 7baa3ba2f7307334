package io.rankstream.ops.send.format;

import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.rankstream.adapters.text.Excerpt;
import io.rankstream.job.mapping.ExampleField;
import io.rankstream.ops.send.SourceRecord;
import io.rankstream.ops.send.SourceRecord.Document;
import io.rankstream.ops.send.SourceRecord.Unreadable;
import java.nio.charset.CharsetEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Makes records of the questions of SQuAD. For one thread. */
final class SquadQuestion {

    private final SentAs as;
    private final CharsetEncoder encoder = StandardCharsets.UTF_8.newEncoder();

    SquadQuestion(SentAs as) {
        this.as = as;
    }

    /**
     * The record of a question, or why there is none.
     *
     * @param line that its paragraph begins in
     * @param place where it is if it has no id
     * @param passage that it is asked of
     * @param question an object with id, question and answers, if it is one
     */
    SourceRecord record(long line, String place, String passage, JsonNode question) {
        if (!question.isObject()) {
            return new Unreadable(
                    line,
                    place,
                    "it is %s, expected an object with id, question and answers"
                            .formatted(noun(question.asToken())));
        }
        Optional<String> byId = place(question);
        if (byId.isEmpty()) {
            return new Unreadable(
                    line,
                    place,
                    "its id is %s, expected a text or a number"
                            .formatted(noun(question.path("id").asToken())));
        }
        ObjectNode document = JsonNodeFactory.instance.objectNode();
        return fill(document, passage, question)
                .<SourceRecord>map(flaw -> new Unreadable(line, byId.get(), flaw))
                .orElseGet(
                        () ->
                                new Document(
                                        line,
                                        byId.get(),
                                        document.toString().getBytes(StandardCharsets.UTF_8)));
    }

    /** What keeps a document from being filled; empty if nothing does. */
    private Optional<String> fill(ObjectNode document, String passage, JsonNode question) {
        String id = question.get("id").asText();
        JsonNode asked = question.path("question");
        if (!asked.isTextual()) {
            return Optional.of(
                    "its question is %s, expected a text".formatted(noun(asked.asToken())));
        }
        if (!encoder.canEncode(id + passage + asked.textValue())) {
            return Optional.of(
                    "it has half of a surrogate pair in it or its passage, expected characters");
        }
        document.put(ExampleField.EXAMPLE_ID.key(), id);
        document.put(ExampleField.ADAPTER_ID.key(), as.adapterId());
        document.put(ExampleField.TEXT.key(), asked.textValue());
        document.put(ExampleField.TEXT_PAIR.key(), passage);
        if (!as.labeled()) {
            return Optional.empty();
        }
        SquadAnswers answers = SquadAnswers.of(passage, question, encoder);
        document.set(ExampleField.LABEL.key(), answers.label());
        return answers.flaw();
    }

    /** Where people find a question, by its id; empty if it has none. */
    static Optional<String> place(JsonNode question) {
        JsonNode id = question.path("id");
        return id.isTextual() || id.isNumber()
                ? Optional.of("question " + Excerpt.of(id.asText()))
                : Optional.empty();
    }

    /** What a value is, for messages. */
    static String noun(JsonToken token) {
        return switch (token) {
            case START_OBJECT -> "an object";
            case START_ARRAY -> "a list";
            case VALUE_STRING -> "a text";
            case VALUE_TRUE, VALUE_FALSE -> "a truth value";
            case VALUE_NULL -> "null";
            case NOT_AVAILABLE -> "missing";
            default -> "a number";
        };
    }
}
