package io.rankstream.adapters.task.tagging;

import static io.rankstream.adapters.engine.Tensors.floats;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.pytorch.engine.PtNDManager;
import io.rankstream.adapters.engine.TestDevice;
import io.rankstream.adapters.state.LabelSet;
import io.rankstream.adapters.task.Answers;
import io.rankstream.adapters.task.Fit;
import io.rankstream.adapters.task.Target;
import io.rankstream.adapters.task.Target.Several;
import io.rankstream.adapters.task.Target.Span;
import io.rankstream.adapters.tokens.Passage;
import io.rankstream.adapters.tokens.Tokens;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class TokenClassificationTest {

    private static final TokenClassification TASK = new TokenClassification();
    private static final List<String> TAGS = List.of("O", "B-PER", "I-PER", "B-LOC", "I-LOC");
    private static final LabelSet LABELS = LabelSet.of(TAGS);

    /** A special token, {@code Anna}, {@code Mann}, {@code in}, {@code Lü} and {@code beck}. */
    private static final Tokens TEXT =
            new Tokens(
                    new int[] {1, 5, 6, 7, 8, 9, 2},
                    7,
                    false,
                    new int[0],
                    Optional.of(
                            new Passage(
                                    "Anna Mann in Lübeck",
                                    new int[] {-1, 0, 5, 10, 13, 15, -1},
                                    new int[] {-1, 4, 9, 12, 15, 19, -1},
                                    List.of())));

    private static final Target TRUTH = several(new Span(0, 9, "PER"), new Span(13, 19, "LOC"));

    private static Target several(Target... members) {
        return new Several(List.of(members));
    }

    private static Entities placed(Target target) {
        return ((Fit.Ready<Entities>) TASK.fitIn(TEXT, target, "names", LABELS)).target();
    }

    /** Outputs that are sure of a tag for each token. */
    private static float[] outputs(int... tags) {
        float[] outputs = new float[tags.length * TAGS.size()];
        for (int i = 0; i < tags.length; i++) {
            outputs[i * TAGS.size() + tags[i]] = 3;
        }
        return outputs;
    }

    @Test
    void saysTheEntitiesOfTheFirstTokensOfWords() {
        assertThat(TASK.said(outputs(1, 1, 2, 0, 3, 0, 4), TEXT, TAGS)).isEqualTo(TRUTH);
    }

    static Stream<Arguments> sequences() {
        return Stream.of(
                Arguments.of(new int[] {0, 0, 0, 0}, several()),
                // A word that goes on with nothing begins an entity.
                Arguments.of(new int[] {2, 2, 0, 0}, several(new Span(0, 9, "PER"))),
                Arguments.of(
                        new int[] {1, 1, 0, 0},
                        several(new Span(0, 4, "PER"), new Span(5, 9, "PER"))),
                Arguments.of(
                        new int[] {1, 4, 4, 0},
                        several(new Span(0, 4, "PER"), new Span(5, 12, "LOC"))),
                Arguments.of(new int[] {1, 2, 2, 2}, several(new Span(0, 19, "PER"))));
    }

    @ParameterizedTest
    @MethodSource("sequences")
    void readsTagsAsSeqevalDoes(int[] ofWords, Target expected) {
        int[] tags = {0, ofWords[0], ofWords[1], ofWords[2], ofWords[3], 0, 0};

        assertThat(TASK.said(outputs(tags), TEXT, TAGS)).isEqualTo(expected);
    }

    @Test
    void losesTheMeanCrossEntropyOfItsWords() {
        float[] outputs = outputs(1, 1, 2, 0, 0, 3, 4);
        double sure = Math.log(4 + Math.exp(3)) - 3;
        double wrong = Math.log(4 + Math.exp(3));
        double expected = (3 * sure + wrong) / 4;
        try (PtNDManager manager = TestDevice.newManager()) {
            Answers<Entities> answers =
                    TASK.answers(
                            floats(manager, outputs, 7, 5), List.of(TEXT), List.of(placed(TRUTH)));

            assertThat((double) answers.losses().toFloatArray()[0])
                    .isCloseTo(expected, within(1e-6));
            assertThat(answers.values().get(0).told()).isEqualTo(several(new Span(0, 9, "PER")));
        }
        assertThat((double) TASK.loss(outputs, TEXT, TAGS, TRUTH))
                .isCloseTo(expected, within(1e-6));
    }

    @Test
    void takesInWholeWords() {
        assertThat(placed(several(new Span(1, 6, "PER"), new Span(15, 17, "LOC"))).told())
                .isEqualTo(TRUTH);
    }

    @Test
    void learnsNoEntityOfAnEmptyList() {
        assertThat(placed(several()).members()).isEmpty();
    }

    static Stream<Arguments> misfits() {
        return Stream.of(
                Arguments.of(
                        new Target.Label("PER"),
                        Fit.Reason.NO_SPAN,
                        "the label PER is no list of entities"),
                Arguments.of(
                        new Span(0, 4),
                        Fit.Reason.NO_SPAN,
                        "the span 0 to 4 is no list of entities"),
                Arguments.of(new Span(4, 4, "PER"), Fit.Reason.NO_SPAN, "an end after it"),
                Arguments.of(new Span(0, 20, "PER"), Fit.Reason.NO_SPAN, "the text has 19"),
                Arguments.of(new Span(4, 5, "PER"), Fit.Reason.NO_SPAN, "nothing but blanks"),
                Arguments.of(
                        several(new Span(0, 2, "PER"), new Span(2, 4, "LOC")),
                        Fit.Reason.NO_SPAN,
                        "has a word of the one at 0 to 4 PER"),
                Arguments.of(
                        new Span(0, 4, "ORG"),
                        Fit.Reason.UNKNOWN_LABEL,
                        "0 to 4 ORG for adapter 'names', and its kind is unknown, expected one of"));
    }

    @ParameterizedTest
    @MethodSource("misfits")
    void refuses(Target target, Fit.Reason reason, String part) {
        assertThat(TASK.fitIn(TEXT, target, "names", LABELS).refusal())
                .hasValueSatisfying(
                        refused -> {
                            assertThat(refused.reason()).isEqualTo(reason);
                            assertThat(refused.message()).contains(part);
                        });
    }

    @Test
    void refusesAKindWhoseBeginningIsRetired() {
        LabelSet fewer = LABELS.without(List.of("B-LOC", "I-LOC"));

        assertThat(TASK.fitIn(TEXT, TRUTH, "names", fewer).refusal())
                .map(Fit.Refused::reason)
                .contains(Fit.Reason.RETIRED_LABEL);
    }

    @Test
    void refusesSeveralWordsOfAKindThatIsRetiredBeyondItsFirst() {
        LabelSet fewer = LABELS.without(List.of("I-PER"));

        assertThat(TASK.fitIn(TEXT, TRUTH, "names", fewer).refusal())
                .map(Fit.Refused::message)
                .hasValueSatisfying(
                        message -> assertThat(message).contains("no label I-PER is in use"));
        assertThat(TASK.fitIn(TEXT, new Span(0, 4, "PER"), "names", fewer).refusal()).isEmpty();
    }

    static Stream<Arguments> labels() {
        return Stream.of(
                Arguments.of(List.of("B-PER", "I-PER"), "no label O"),
                Arguments.of(List.of("O", "PER"), "'PER' is no tag"),
                Arguments.of(List.of("O", "B-"), "'B-' is no tag"),
                Arguments.of(List.of("O", "B- "), "'B- ' is no tag"),
                Arguments.of(List.of("O", "B- PER"), "'B- PER' is no tag"),
                Arguments.of(List.of("O", "B-PER\u00a0"), "is no tag"),
                Arguments.of(List.of("O", "B-LOC", "I-PER"), "expected B-PER beside it"));
    }

    @ParameterizedTest
    @MethodSource("labels")
    void refusesLabelsThatAreNoTags(List<String> labels, String part) {
        assertThat(TASK.flaw(labels)).hasValueSatisfying(flaw -> assertThat(flaw).contains(part));
    }

    @Test
    void tellsAllThatKeepsLabelsFromBeingTags() {
        assertThat(TASK.flaw(List.of("PER", "LOC", "I-ORG", "I-MISC")))
                .hasValueSatisfying(
                        flaws ->
                                assertThat(flaws.split("; "))
                                        .satisfiesExactly(
                                                each -> assertThat(each).contains("no label O"),
                                                each -> assertThat(each).contains("'PER', 'LOC'"),
                                                each -> assertThat(each).contains("B-ORG"),
                                                each -> assertThat(each).contains("B-MISC")));
    }

    @Test
    void takesKindsOfOneWordAlone() {
        assertThat(TASK.flaw(List.of("O", "B-MAIL"))).isEmpty();
    }
}
