package io.rankstream.adapters.task.tagging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.rankstream.adapters.state.LabelSet;
import io.rankstream.adapters.task.Fit;
import io.rankstream.adapters.task.Score;
import io.rankstream.adapters.task.Target;
import io.rankstream.adapters.tokens.Passage;
import io.rankstream.adapters.tokens.Tokens;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class EntityScoreTest {

    private static final TokenClassification TASK = new TokenClassification();
    private static final List<String> TAGS =
            List.of("O", "B-PER", "I-PER", "B-LOC", "I-LOC", "B-ORG", "I-ORG");
    private static final EntityScore NONE = TASK.newScore(TAGS.size());

    /** A text of one-letter words with a token each. */
    private static Tokens text(int words) {
        int[] starts = IntStream.range(0, words).map(i -> 2 * i).toArray();
        int[] ends = Arrays.stream(starts).map(start -> start + 1).toArray();
        return new Tokens(
                new int[words],
                words,
                false,
                new int[0],
                Optional.of(new Passage("a ".repeat(words), starts, ends, List.of())));
    }

    private static Entities entities(String... tags) {
        return entities(List.of(tags));
    }

    private static Entities entities(List<String> tags) {
        float[] outputs = new float[tags.size() * TAGS.size()];
        for (int i = 0; i < tags.size(); i++) {
            outputs[i * TAGS.size() + TAGS.indexOf(tags.get(i))] = 1;
        }
        Tokens text = text(tags.size());
        Target said = TASK.said(outputs, text, TAGS);
        return ((Fit.Ready<Entities>) TASK.fitIn(text, said, "names", LabelSet.of(TAGS))).target();
    }

    private static List<Entities> sentences(JsonNode table, String which) {
        return table.get(which)
                .valueStream()
                .map(sentence -> entities(sentence.valueStream().map(JsonNode::asText).toList()))
                .toList();
    }

    static Stream<JsonNode> tables() throws IOException {
        return new ObjectMapper()
                .readTree(EntityScoreTest.class.getResource("/parity/entities.json"))
                .get("tables")
                .valueStream();
    }

    @ParameterizedTest
    @MethodSource("tables")
    void isThatOfSeqeval(JsonNode table) {
        EntityScore score = NONE.plus(sentences(table, "true"), sentences(table, "said"));

        assertMetric(score, EntityScore.RECALL, table.get("recall"));
        assertMetric(score, EntityScore.F1, table.get("f1"));
        assertMetric(score, EntityScore.RECENT_F1, table.get("f1"));
        assertMetric(score, EntityScore.MACRO_F1, table.get("macroF1"));
        // Where nothing is said there is no precision; seqeval warns and takes 0.
        if (score.metric(EntityScore.PRECISION).isPresent()) {
            assertMetric(score, EntityScore.PRECISION, table.get("precision"));
        } else {
            assertThat(table.get("precision").asDouble()).isZero();
        }
    }

    private static void assertMetric(EntityScore score, String name, JsonNode expected) {
        assertThat(score.metric(name).orElseThrow())
                .as(name)
                .isCloseTo(expected.asDouble(), within(1e-12));
    }

    @Test
    void tellsNothingOfTextsWithoutEntities() {
        EntityScore score = NONE.plus(List.of(entities("O")), List.of(entities("O")));

        assertThat(score.examples()).isEqualTo(1);
        assertThat(score.metrics()).isEmpty();
        assertThat(TASK.gain(score.metrics())).isEmpty();
    }

    @Test
    void gainsItsF1OverSayingNoEntity() {
        EntityScore score =
                NONE.plus(List.of(entities("B-PER", "B-LOC")), List.of(entities("B-PER", "O")));

        assertThat(TASK.gain(score.metrics()).orElseThrow()).isCloseTo(2 / 3., within(1e-12));
    }

    @Test
    void countsByKind() {
        EntityScore score =
                NONE.plus(
                        List.of(entities("B-PER", "I-PER", "B-LOC")),
                        List.of(entities("B-PER", "O", "B-LOC")));

        assertThat(score.counts(TAGS))
                .isEqualTo(
                        Map.of(
                                "entities",
                                Map.of(
                                        "PER", Map.of("there", 1L, "said", 1L, "right", 0L),
                                        "LOC", Map.of("there", 1L, "said", 1L, "right", 1L),
                                        "ORG", Map.of("there", 0L, "said", 0L, "right", 0L))));
        assertThat(score.labelCounts()).containsExactly(0, 1, 0, 1, 0, 0, 0);
    }

    @Nested
    class OfManyExamples {

        private static final Entities TRUTH = entities("B-PER", "B-LOC", "I-LOC");

        /** So many, of which each {@code n}-th says nothing. */
        private static EntityScore of(int examples, int n) {
            EntityScore score = NONE;
            for (int i = 0; i < examples; i++) {
                score =
                        score.plus(
                                List.of(TRUTH),
                                List.of(i % n == 0 ? entities("O", "O", "O") : TRUTH));
            }
            return score;
        }

        @Test
        void looksBackOnTheNewest() {
            EntityScore score = of(Score.WINDOW, 1).followedBy(of(100, 1000));

            assertThat(score.metric(EntityScore.RECALL).orElseThrow())
                    .isCloseTo(99 / 1100., within(1e-12));
            assertThat(score.recent(EntityScore.RECALL, Score.WINDOW).orElseThrow())
                    .isCloseTo(99 / 1000., within(1e-12));
            assertThat(score.recent(EntityScore.RECALL, 100).orElseThrow())
                    .isCloseTo(.99, within(1e-12));
            assertThat(score.recent("accuracy", 100)).isEqualTo(OptionalDouble.empty());
        }

        @Test
        void isTheSameWhateverWasScoredTogether() {
            EntityScore one = of(1500, 7);

            assertThat(of(1500, 7)).isEqualTo(one).hasSameHashCodeAs(one);
            assertThat(one.followedBy(of(700, 3)).followedBy(of(400, 2)))
                    .isEqualTo(one.followedBy(of(700, 3).followedBy(of(400, 2))));
        }

        @Test
        void comesBackFromItsFields() {
            EntityScore score = of(1200, 3);

            assertThat(TASK.score(score.fields())).isEqualTo(score);
            assertThat(TASK.score(NONE.fields())).isEqualTo(NONE);
        }

        @Test
        void keepsItsCountsUnderMoreLabels() {
            EntityScore score = of(30, 3).withLabels(9);

            assertThat(score.fits(9)).isTrue();
            assertThat(score.labelCounts()).startsWith(0, 30, 0, 30).hasSize(9);
            assertThat(score.metric(EntityScore.F1)).isEqualTo(of(30, 3).metric(EntityScore.F1));
        }
    }
}
