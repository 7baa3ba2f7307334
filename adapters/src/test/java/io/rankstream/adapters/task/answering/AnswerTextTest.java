package io.rankstream.adapters.task.answering;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Scores of single answers beside those of torchmetrics, which benchmarks/peft wrote. */
class AnswerTextTest {

    static Stream<JsonNode> answers() throws IOException {
        try (InputStream json = AnswerTextTest.class.getResourceAsStream("/parity/answers.json")) {
            return new ObjectMapper().readTree(json).valueStream();
        }
    }

    @ParameterizedTest
    @MethodSource("answers")
    void scoresAsTheEvaluationScriptDoes(JsonNode row) {
        List<String> answers = row.get("answers").valueStream().map(JsonNode::asText).toList();
        String said = row.get("said").asText();

        assertThat(AnswerText.isExact(answers, said)).isEqualTo(row.get("exact").asDouble() == 1);
        assertThat(AnswerText.f1(answers, said)).isEqualTo(row.get("f1").asDouble(), within(1e-6));
    }

    /** SQuAD 2.0 leaves out answers of which nothing is left, where there are others. */
    @Test
    void takesAnAnswerOfArticlesAloneForNoneOfSeveral() {
        List<String> answers = List.of("the", "captain");

        assertThat(AnswerText.isExact(answers, "")).isFalse();
        assertThat(AnswerText.f1(answers, "")).isZero();
        assertThat(AnswerText.isExact(answers, "captain")).isTrue();
    }
}
