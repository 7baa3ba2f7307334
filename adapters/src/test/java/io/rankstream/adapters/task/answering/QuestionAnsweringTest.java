package io.rankstream.adapters.task.answering;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.rankstream.adapters.task.Fit;
import io.rankstream.adapters.task.LabelRows;
import io.rankstream.adapters.task.Target;
import io.rankstream.adapters.task.Target.Label;
import io.rankstream.adapters.task.Target.Numeric;
import io.rankstream.adapters.task.Target.Several;
import io.rankstream.adapters.task.Target.Span;
import io.rankstream.adapters.tokens.Passage;
import io.rankstream.adapters.tokens.Tokens;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class QuestionAnsweringTest {

    private static final QuestionAnswering TASK = new QuestionAnswering();
    private static final Several NONE = new Several(List.of());

    /** Two special tokens, a question of one, and 8 characters a token of the passage. */
    private static final int BEFORE = 3;

    private static final String PASSAGE = "\uD83D\uDE00abcde fghijkl mnopqr\n";

    /** A window of a passage in which each token is one character. */
    private static Tokens window(String text, int from, int to, List<Tokens> further) {
        return window(text, from, to, false, further);
    }

    /** The only window of a passage that is cut after it. */
    private static Tokens cutWindow(String text, int to) {
        return window(text, 0, to, true, List.of());
    }

    private static Tokens window(
            String text, int from, int to, boolean truncated, List<Tokens> further) {
        int[] starts = new int[BEFORE + to - from + 1];
        int[] ends = new int[starts.length];
        Arrays.fill(starts, Passage.OUTSIDE);
        Arrays.fill(ends, Passage.OUTSIDE);
        for (int i = from; i < to; i++) {
            starts[BEFORE + i - from] = i;
            ends[BEFORE + i - from] = i + 1;
        }
        return new Tokens(
                new int[starts.length],
                BEFORE,
                truncated,
                new int[0],
                Optional.of(new Passage(text, starts, ends, further)));
    }

    private static Tokens whole(String text) {
        return window(text, 0, text.codePointCount(0, text.length()), List.of());
    }

    /** Windows of 10 characters, of which 4 are in the next one too. */
    private static Tokens windows(String text) {
        int length = text.codePointCount(0, text.length());
        List<Tokens> further = new ArrayList<>();
        for (int from = 6; from + 4 < length; from += 6) {
            further.add(window(text, from, Math.min(length, from + 10), List.of()));
        }
        return window(text, 0, Math.min(length, 10), further);
    }

    private static String refusal(Target target, Tokens text) {
        Fit.Refused<Answer> refused =
                TASK.fitIn(text, target, "desk", Labels.NONE).refusal().orElseThrow();
        assertThat(refused.reason()).isEqualTo(Fit.Reason.NO_SPAN);
        return refused.message();
    }

    private static Answer fit(Target target, Tokens text) {
        return ((Fit.Ready<Answer>) TASK.fitIn(text, target, "desk", Labels.NONE)).target();
    }

    private enum Labels implements LabelRows {
        NONE;

        @Override
        public List<String> names() {
            return List.of();
        }

        @Override
        public List<String> active() {
            return List.of();
        }

        @Override
        public int[] activeRows() {
            return new int[0];
        }

        @Override
        public int indexOf(String name) {
            return -1;
        }

        @Override
        public boolean isActive(String name) {
            return false;
        }
    }

    @Nested
    class ATarget {

        @Test
        void isOneSpanOrSeveralOrNone() {
            assertThat(fit(new Span(0, 1), whole(PASSAGE)).texts()).containsExactly("\uD83D\uDE00");
            assertThat(
                            fit(
                                            new Several(List.of(new Span(7, 10), new Span(1, 6))),
                                            whole(PASSAGE))
                                    .texts())
                    .containsExactly("abcde", "fgh");
            assertThat(fit(NONE, whole(PASSAGE)).isEmpty()).isTrue();
        }

        @Test
        void isToldAsItCame() {
            for (Target target :
                    List.of(
                            NONE,
                            new Span(1, 6),
                            new Several(List.of(new Span(1, 6), new Span(7, 10))))) {
                assertThat(TASK.told(fit(target, whole(PASSAGE)), Labels.NONE)).isEqualTo(target);
            }
        }

        @Test
        void isNoLabelAndNoNumber() {
            assertThat(refusal(new Label("spam"), whole(PASSAGE)))
                    .isEqualTo(
                            "the label 'spam' is no answer, but adapter 'desk' learns where in a passage one is: expected a span without a label, a list of such spans that are right, or an empty list for no answer");
            assertThat(refusal(new Numeric(3), whole(PASSAGE))).contains("the number '3'");
            assertThat(refusal(new Several(List.of(new Label("a"))), whole(PASSAGE)))
                    .contains("the label 'a'");
            assertThat(refusal(new Span(1, 2, "name"), whole(PASSAGE)))
                    .contains("the span '1 to 2 name'");
        }

        @Test
        void endsAfterItsStart() {
            assertThat(refusal(new Span(5, 3), whole(PASSAGE)))
                    .isEqualTo(
                            "the answer is characters 5 to 3 for adapter 'desk', expected a start of 0 or more, and an end after it");
            assertThat(refusal(new Span(3, 3), whole(PASSAGE))).contains("3 to 3");
            assertThat(refusal(new Span(-1, 3), whole(PASSAGE))).contains("-1 to 3");
        }

        /** An emoji is one character. */
        @Test
        void liesInThePassage() {
            int length = PASSAGE.codePointCount(0, PASSAGE.length());

            assertThat(fit(new Span(15, length - 1), whole(PASSAGE)).texts())
                    .containsExactly("mnopqr");
            assertThat(refusal(new Span(15, length + 1), whole(PASSAGE)))
                    .isEqualTo(
                            "the answer is characters 15 to 23 for adapter 'desk', but the passage has 22: expected places in textPair, counted in Unicode code points from 0");
        }

        @Test
        void isWholeInSomeWindow() {
            assertThat(fit(new Span(5, 10), windows(PASSAGE)).texts()).hasSize(1);
            assertThat(refusal(new Span(1, 13), windows(PASSAGE)))
                    .isEqualTo(
                            "the answer at characters 1 to 13 is whole in none of the windows in which adapter 'desk' reads the passage, 3 windows of up to 14 tokens: shorten the answer or the passage, or raise model.max-length");
            assertThat(refusal(new Span(4, 9), cutWindow(PASSAGE, 5)))
                    .contains("reads the passage, 1 window of up to 9 tokens: shorten");
        }

        @ParameterizedTest
        @ValueSource(strings = {" ", "\n\t ", "\u00a0", "\u3000", "\u200b", "\u2028", "\ufeff"})
        void showsMoreThanBlanks(String blanks) {
            Tokens text = whole("a" + blanks + "b");

            for (Target target :
                    List.of(
                            new Span(1, 1 + blanks.length()),
                            new Several(
                                    List.of(new Span(0, 1), new Span(1, 1 + blanks.length()))))) {
                assertThat(refusal(target, text))
                        .isEqualTo(
                                "the answer is characters 1 to %d for adapter 'desk', where the passage shows nothing but blanks: expected a place of something to read, or an empty list for no answer",
                                1 + blanks.length());
            }
        }

        /** The tokenizer of BERT drops some characters, and blanks are of no token. */
        @Test
        void hasATokenOfThePassage() {
            Tokens text = tokens("a \ufffd b", 0, 1, 4, 5);

            assertThat(refusal(new Span(2, 3), text))
                    .isEqualTo(
                            "the answer is characters 2 to 3 for adapter 'desk', '\ufffd' of the passage, for which the base model has no token: expected a place that it reads, such as the words beside it");
            assertThat(AnswerPlaces.of(fit(new Span(1, 5), text), text))
                    .containsExactly(new AnswerPlaces.Place(2, 2));
        }

        @Test
        void mayHaveCharactersWithoutATokenAtItsEnds() {
            Tokens text = tokens("\ufffd a b \n", 2, 3, 4, 5);

            assertThat(AnswerPlaces.of(fit(new Span(0, 3), text), text))
                    .containsExactly(new AnswerPlaces.Place(1, 1));
            assertThat(AnswerPlaces.of(fit(new Span(0, 7), text), text))
                    .containsExactly(new AnswerPlaces.Place(1, 2));
        }

        /** A special token, and one of each pair of places. */
        private Tokens tokens(String text, int... places) {
            int[] starts = new int[1 + places.length / 2];
            int[] ends = new int[starts.length];
            starts[0] = Passage.OUTSIDE;
            ends[0] = Passage.OUTSIDE;
            for (int i = 1; i < starts.length; i++) {
                starts[i] = places[2 * i - 2];
                ends[i] = places[2 * i - 1];
            }
            return new Tokens(
                    new int[starts.length],
                    1,
                    false,
                    new int[0],
                    Optional.of(new Passage(text, starts, ends, List.of())));
        }

        @Test
        void isLearnedByTheFirstThatAWindowHas() {
            Several both = new Several(List.of(new Span(1, 13), new Span(7, 10)));

            assertThat(AnswerPlaces.learned(fit(both, windows(PASSAGE)).spans(), windows(PASSAGE)))
                    .contains(new Span(7, 10));
        }

        @Test
        void isTheFirstSpecialTokenOfAWindowThatHasNotAllOfIt() {
            Answer answer = fit(new Span(8, 12), windows(PASSAGE));

            assertThat(AnswerPlaces.of(answer, windows(PASSAGE)))
                    .containsExactly(
                            AnswerPlaces.Place.NONE,
                            new AnswerPlaces.Place(BEFORE + 2, BEFORE + 5),
                            AnswerPlaces.Place.NONE);
        }

        /** The pieces of one emoji, say, of which each is the whole character. */
        @Test
        void isAllTokensThatShareItsCharacter() {
            Tokens text =
                    new Tokens(
                            new int[5],
                            1,
                            false,
                            new int[0],
                            Optional.of(
                                    new Passage(
                                            "\uD83D\uDE00!",
                                            new int[] {-1, 0, 0, 0, 1},
                                            new int[] {-1, 1, 1, 1, 2},
                                            List.of())));

            assertThat(AnswerPlaces.of(fit(new Span(0, 1), text), text))
                    .containsExactly(new AnswerPlaces.Place(1, 3));
        }
    }

    @Nested
    class WhatIsSaid {

        private float[] outputs(Tokens text) {
            return new float[2 * text.count()];
        }

        private void start(float[] outputs, int token, float logit) {
            outputs[2 * token] = logit;
        }

        private void end(float[] outputs, int token, float logit) {
            outputs[2 * token + 1] = logit;
        }

        @Test
        void isThePartOfThePassageWithTheBestStartAndEnd() {
            float[] outputs = outputs(whole(PASSAGE));
            start(outputs, BEFORE + 1, 3);
            end(outputs, BEFORE + 5, 2);
            start(outputs, BEFORE - 1, 9); // not of the passage

            assertThat(TASK.said(outputs, whole(PASSAGE), List.of())).isEqualTo(new Span(1, 6));
        }

        @Test
        void hasNoWhiteSpaceAround() {
            Tokens text =
                    new Tokens(
                            new int[4],
                            1,
                            false,
                            new int[0],
                            Optional.of(
                                    new Passage(
                                            "a \u00a0bc \n",
                                            new int[] {-1, 0, 1, 5},
                                            new int[] {-1, 1, 5, 7},
                                            List.of())));
            float[] outputs = outputs(text);
            start(outputs, 2, 1);
            end(outputs, 3, 9); // nothing but white space
            end(outputs, 2, 1);

            assertThat(TASK.said(outputs, text, List.of())).isEqualTo(new Span(2, 5));
        }

        @Test
        void isNoneWhereTheFirstTokenOfEveryWindowHasABetterScore() {
            float[] outputs = outputs(windows(PASSAGE));
            int second = windows(PASSAGE).ids().length;
            int third = second + windows(PASSAGE).windows().get(1).ids().length;
            for (int first : new int[] {0, second, third}) {
                start(outputs, first, 4);
                end(outputs, first, 4);
            }
            start(outputs, second + BEFORE + 2, 3);
            end(outputs, second + BEFORE + 3, 4);

            assertThat(TASK.said(outputs, windows(PASSAGE), List.of())).isEqualTo(NONE);

            start(outputs, third, 2); // the least of all windows counts

            assertThat(TASK.said(outputs, windows(PASSAGE), List.of())).isEqualTo(new Span(8, 10));
        }

        @Test
        void isAnAnswerWhereNoneIsAsGood() {
            float[] outputs = outputs(whole(PASSAGE));

            assertThat(TASK.said(outputs, whole(PASSAGE), List.of())).isEqualTo(new Span(0, 1));
        }

        @Test
        void isTheBestOfAllPairsOfTheTwentyBestStartsAndEnds() {
            SplittableRandom random = new SplittableRandom(7);
            String text = "x".repeat(80);
            for (int round = 0; round < 50; round++) {
                float[] outputs = outputs(whole(text));
                for (int i = 2 * BEFORE; i < outputs.length - 2; i++) {
                    outputs[i] = (float) random.nextDouble(10);
                }

                assertThat(TASK.said(outputs, whole(text), List.of()))
                        .isEqualTo(bestOfAll(outputs, text.length()));
            }
        }

        /** By trying all. */
        private Span bestOfAll(float[] outputs, int length) {
            Span best = null;
            double score = Double.NEGATIVE_INFINITY;
            for (int start = 0; start < length; start++) {
                for (int end = start; end < Math.min(length, start + 30); end++) {
                    double found =
                            outputs[2 * (BEFORE + start)]
                                    + (double) outputs[2 * (BEFORE + end) + 1];
                    boolean isAmongBest =
                            rank(outputs, BEFORE + start, 0, length) < 20
                                    && rank(outputs, BEFORE + end, 1, length) < 20;
                    if (isAmongBest && found > score) {
                        best = new Span(start, end + 1);
                        score = found;
                    }
                }
            }
            return best;
        }

        private long rank(float[] outputs, int token, int output, int length) {
            long rank = 0;
            for (int i = BEFORE; i < BEFORE + length; i++) {
                rank += outputs[2 * i + output] > outputs[2 * token + output] ? 1 : 0;
            }
            return rank;
        }

        @Test
        void isAsProbableAsItsShareAmongTheBestAndNone() {
            Tokens text = whole("ab");
            float[] outputs = outputs(text);
            start(outputs, BEFORE, 1);
            end(outputs, BEFORE + 1, 2);

            SpanSearch.Found found = SpanSearch.in(text, outputs, 0);

            assertThat(found.span()).contains(new Span(0, 2));
            double all = Math.exp(3) + Math.exp(1) + Math.exp(2) + Math.exp(0);
            assertThat(found.probability()).isEqualTo((float) (Math.exp(3) / all), within(1e-6f));
        }

        @Test
        void isRightIfItIsOneOfTheAnswers() {
            Several both = new Several(List.of(new Span(1, 6), new Span(7, 10)));

            assertThat(TASK.merit(new Span(7, 10), both)).isOne();
            assertThat(TASK.merit(new Span(7, 9), both)).isZero();
            assertThat(TASK.merit(NONE, both)).isZero();
            assertThat(TASK.merit(NONE, NONE)).isOne();
        }
    }
}
