package io.rankstream.adapters.task;

import static org.assertj.core.api.Assertions.assertThat;

import io.rankstream.adapters.state.LabelSet;
import io.rankstream.adapters.task.answering.QuestionAnswering;
import io.rankstream.adapters.task.classification.PrequentialScore;
import io.rankstream.adapters.task.multilabel.MultiLabel;
import io.rankstream.adapters.task.multilabel.Tags;
import io.rankstream.adapters.task.regression.Regression;
import io.rankstream.adapters.task.tagging.Entities;
import io.rankstream.adapters.task.tagging.TokenClassification;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

class WatchedMetricTest {

    private static final int EXAMPLES = 60;

    static final List<Score<?>> SCORES =
            List.of(
                    PrequentialScore.empty(2)
                            .plus(
                                    rows(2),
                                    rows(3),
                                    Map.of(
                                            PrequentialScore.EXPORTED,
                                            rows(3),
                                            PrequentialScore.WORDS,
                                            rows(5))),
                    new MultiLabel().newScore(2).plus(tags(2), tags(3)),
                    new Regression().newScore(0).plus(numbers(1), numbers(1.5)),
                    new QuestionAnswering()
                            .score(
                                    new ScoreFields(
                                            Map.of(
                                                    "answerable", new long[] {1, 1},
                                                    "answerableF1", new double[] {1},
                                                    "unanswerable", new long[] {1, 0},
                                                    "unanswerableF1", new double[] {0},
                                                    "f1", new double[] {1, 0},
                                                    "marks", new long[] {3, 0}))),
                    ofEntities());

    private static Score<?> ofEntities() {
        TokenClassification task = new TokenClassification();
        LabelSet tags = LabelSet.of(List.of("O", "B-PER"));
        Entities entities =
                ((Fit.Ready<Entities>) task.fit(new Target.Span(0, 4, "PER"), "names", tags))
                        .target();
        List<Entities> all = Collections.nCopies(EXAMPLES, entities);
        return task.newScore(2).plus(all, all);
    }

    private static List<Integer> rows(int period) {
        return IntStream.range(0, EXAMPLES).map(i -> i % period % 2).boxed().toList();
    }

    private static List<Tags> tags(int period) {
        return rows(period).stream().map(row -> new Tags(List.of(row), 2)).toList();
    }

    private static List<Double> numbers(double power) {
        return DoubleStream.iterate(1, i -> i + 1)
                .limit(EXAMPLES)
                .map(i -> Math.pow(i, power))
                .boxed()
                .toList();
    }

    @Test
    void everyTaskHasSome() {
        assertThat(SCORES.stream().<Object>map(Score::task)).hasSameElementsAs(Tasks.ALL);
        assertThat(Tasks.ALL).allSatisfy(task -> assertThat(task.watched()).isNotEmpty());
    }

    @Test
    void noTwoHaveOneName() {
        assertThat(WatchedMetric.all()).extracting(WatchedMetric::name).doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @FieldSource("SCORES")
    void eachIsToldOfItsOwnTaskAlone(Score<?> score) {
        assertThat(WatchedMetric.all())
                .allSatisfy(
                        metric ->
                                assertThat(metric.of(score).isPresent())
                                        .as(metric.name())
                                        .isEqualTo(score.task().watched().contains(metric)));
    }
}
