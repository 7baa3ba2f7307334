package io.rankstream.adapters.task.answering;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.rankstream.adapters.task.Score;
import io.rankstream.adapters.task.ScoreFields;
import io.rankstream.adapters.task.Target.Span;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class AnswerScoreTest {

    private static final Answer NONE = Answer.NONE;

    private static Answer of(String text) {
        return new Answer(List.of(new Span(0, text.length())), List.of(text));
    }

    private static AnswerScore scored(List<Answer> targets, List<Answer> said) {
        return AnswerScore.EMPTY.plus(targets, said);
    }

    @Test
    void tellsNothingWithoutExamples() {
        assertThat(AnswerScore.EMPTY.metrics()).isEmpty();
        assertThat(AnswerScore.EMPTY.recent(AnswerScore.F1, 10)).isEmpty();
        assertThat(new QuestionAnswering().gain(Map.of())).isEmpty();
    }

    @Test
    void countsAnswerableAndUnanswerableQuestionsApart() {
        AnswerScore score =
                scored(
                        List.of(of("the captain"), of("the captain"), of("nine"), NONE, NONE),
                        List.of(of("captain"), of("old captain"), NONE, NONE, of("nine")));

        assertThat(score.metrics())
                .containsEntry(AnswerScore.EXACT, 2 / 5.0)
                .containsEntry(AnswerScore.ANSWERABLE_EXACT, 1 / 3.0)
                .containsEntry(AnswerScore.UNANSWERABLE_EXACT, 1 / 2.0)
                .containsEntry(AnswerScore.BASELINE, 2 / 5.0)
                .containsEntry(AnswerScore.RECENT_BASELINE, 2 / 5.0);
        assertThat(score.metrics().get(AnswerScore.F1))
                .isEqualTo((1 + 2 / 3.0 + 1) / 5, within(1e-12));
        assertThat(score.metrics().get(AnswerScore.ANSWERABLE_F1))
                .isEqualTo((1 + 2 / 3.0) / 3, within(1e-12));
        assertThat(new QuestionAnswering().gain(score.metrics()).orElseThrow())
                .isEqualTo((2 + 2 / 3.0) / 5 - 2 / 5.0, within(1e-12));
    }

    @Test
    void doesNotTellThemApartWhereAllHaveAnAnswer() {
        assertThat(scored(List.of(of("nine")), List.of(of("nine"))).metrics())
                .containsEntry(AnswerScore.EXACT, 1.0)
                .containsEntry(AnswerScore.BASELINE, 0.0)
                .doesNotContainKeys(
                        AnswerScore.ANSWERABLE_EXACT,
                        AnswerScore.ANSWERABLE_F1,
                        AnswerScore.UNANSWERABLE_EXACT);
    }

    @Test
    void looksBackOnTheNewestExamplesAlone() {
        AnswerScore score =
                scored(
                        Collections.nCopies(Score.WINDOW, of("nine")),
                        Collections.nCopies(Score.WINDOW, of("ten")));
        score = score.plus(Collections.nCopies(250, NONE), Collections.nCopies(250, NONE));

        assertThat(score.metrics())
                .containsEntry(AnswerScore.EXACT, .2)
                .containsEntry(AnswerScore.RECENT_EXACT, .25)
                .containsEntry(AnswerScore.RECENT_F1, .25)
                .containsEntry(AnswerScore.RECENT_BASELINE, .25);
        assertThat(score.recent(AnswerScore.F1, 500)).hasValue(.5);
        assertThat(score.recent(AnswerScore.EXACT, 250)).hasValue(1);
        assertThat(score.recent("accuracy", 250)).isEmpty();
    }

    @Test
    void isTheSameWhicheverPartsItIsAddedUpOf() {
        SplittableRandom random = new SplittableRandom(5);
        List<Answer> words = List.of(NONE, of("nine"), of("nine ten"), of("ten"));
        List<Answer> targets = new ArrayList<>();
        List<Answer> said = new ArrayList<>();
        for (int i = 0; i < 3_700; i++) {
            targets.add(words.get(random.nextInt(4)));
            said.add(words.get(random.nextInt(4)));
        }
        AnswerScore whole = scored(targets, said);
        for (int at : new int[] {0, 1, 999, 1_000, 1_001, 2_500, 3_700}) {
            AnswerScore first = scored(targets.subList(0, at), said.subList(0, at));
            AnswerScore later = scored(targets.subList(at, 3_700), said.subList(at, 3_700));

            AnswerScore both = first.followedBy(later);
            assertThat(both.f1()).isEqualTo(whole.f1());
            assertThat(both.marks()).isEqualTo(whole.marks());
            assertThat(both.metrics().keySet()).isEqualTo(whole.metrics().keySet());
            whole.metrics()
                    .forEach(
                            (name, value) ->
                                    assertThat(both.metrics().get(name))
                                            .as(name)
                                            .isEqualTo(value, within(1e-12)));
        }
    }

    @Test
    void isKeptInFull() {
        AnswerScore score =
                scored(List.of(of("nine ten"), NONE, of("ten")), List.of(of("nine"), NONE, NONE));

        assertThat(AnswerScore.of(score.fields())).isEqualTo(score);
        assertThat(AnswerScore.of(AnswerScore.EMPTY.fields())).isEqualTo(AnswerScore.EMPTY);
        assertThatThrownBy(
                        () ->
                                AnswerScore.of(
                                        new ScoreFields(Map.of("answerable", new long[] {1, 1}))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("answerableF1");
    }
}
