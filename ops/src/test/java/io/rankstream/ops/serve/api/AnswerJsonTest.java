package io.rankstream.ops.serve.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.rankstream.adapters.task.Target;
import io.rankstream.ops.serve.predict.Answer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AnswerJsonTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    @Test
    void tellsALabelWithItsProbabilities() throws Exception {
        assertThat(told(new Target.Label("b"), Map.of("a", .25f, "b", .75f)))
                .isEqualTo(
                        json("{'label': 'b', 'probabilities': [0.25, 0.75], 'truncated': false}"));
    }

    @Test
    void tellsANumber() throws Exception {
        assertThat(told(new Target.Numeric(1.5), Map.of()))
                .isEqualTo(json("{'number': 1.5, 'truncated': false}"));
    }

    @Test
    void tellsSeveralLabels() throws Exception {
        Target labels = new Target.Several(List.of(new Target.Label("b"), new Target.Label("a")));

        assertThat(told(labels, Map.of("a", .75f, "b", .5f)))
                .isEqualTo(
                        json(
                                "{'label': ['a', 'b'], 'probabilities': [0.75, 0.5], 'truncated': false}"));
    }

    @Test
    void tellsPartsOfTheText() throws Exception {
        Target spans =
                new Target.Several(List.of(new Target.Span(3, 9, "name"), new Target.Span(0, 2)));

        assertThat(told(spans, Map.of()))
                .isEqualTo(
                        json(
                                "{'label': [{'start': 0, 'end': 2}, {'start': 3, 'end': 9, 'label': 'name'}], 'truncated': false}"));
        assertThat(told(new Target.Several(List.of()), Map.of()))
                .isEqualTo(json("{'label': [], 'truncated': false}"));
    }

    @Test
    void tellsWhatThePassageSaysWhereAnAnswerIs() throws Exception {
        assertThat(told(new Target.Span(3, 9), Map.of(), Optional.of("at 9 \uD83D\uDE00")))
                .isEqualTo(
                        json(
                                "{'label': {'start': 3, 'end': 9}, 'answer': 'at 9 \uD83D\uDE00', 'truncated': false}"));
        assertThat(told(new Target.Several(List.of()), Map.of(), Optional.of("")))
                .isEqualTo(json("{'label': [], 'answer': '', 'truncated': false}"));
    }

    @Test
    void tellsWhatTheTextSaysAtEachEntity() throws Exception {
        Target spans =
                new Target.Several(
                        List.of(new Target.Span(0, 4, "PER"), new Target.Span(8, 12, "LOC")));

        assertThat(
                        told(
                                new Answer.Said(
                                        spans,
                                        Map.of(),
                                        Optional.empty(),
                                        Optional.of(List.of("Anna", "Lima")),
                                        false)))
                .isEqualTo(
                        json(
                                "{'label': [{'start': 0, 'end': 4, 'label': 'PER'}, {'start': 8, 'end': 12, 'label': 'LOC'}], 'entities': ['Anna', 'Lima'], 'truncated': false}"));
    }

    private static JsonNode told(Target target, Map<String, Float> probabilities)
            throws JsonProcessingException {
        return told(target, probabilities, Optional.empty());
    }

    private static JsonNode told(
            Target target, Map<String, Float> probabilities, Optional<String> passage)
            throws JsonProcessingException {
        return told(new Answer.Said(target, probabilities, passage, Optional.empty(), false));
    }

    private static JsonNode told(Answer.Said said) throws JsonProcessingException {
        Answer answer = new Answer("acme", 3, 7, List.of("a", "b"), List.of(said));
        return JSON.readTree(JSON.writeValueAsString(AnswerJson.of(answer)))
                .get("predictions")
                .get(0);
    }

    private static JsonNode json(String text) throws JsonProcessingException {
        return JSON.readTree(text.replace('\'', '"'));
    }
}
