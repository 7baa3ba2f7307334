package io.rankstream.adapters.task.multilabel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.rankstream.adapters.task.Score;
import io.rankstream.adapters.task.ScoreFields;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

class MultiLabelScoreTest {

    private static final double TOLERANCE = 1e-12;

    /**
     * Which labels were true and said, and what scikit-learn 1.7.2 makes of it, with a row of 0 and
     * 1 a text:
     *
     * <pre>
     * from sklearn.metrics import accuracy_score, f1_score, hamming_loss
     * f1_score(true, said, average='micro', zero_division=0)
     * f1_score(true, said, average='macro', zero_division=0, labels=those that occurred or were said)
     * accuracy_score(true, said)
     * hamming_loss(true, said)
     * hamming_loss(true, numpy.tile((true.mean(0) &gt; .5).astype(int), (len(true), 1)))
     * </pre>
     */
    private record Table(
            String name,
            int labels,
            List<List<Integer>> truth,
            List<List<Integer>> said,
            double microF1,
            double macroF1,
            double accuracy,
            double hammingLoss,
            double baseline) {

        MultiLabelScore score() {
            return MultiLabelScore.empty(labels).plus(tags(truth, labels), tags(said, labels));
        }

        @Override
        public String toString() {
            return name;
        }
    }

    static final List<Table> TABLES =
            List.of(
                    new Table(
                            "three labels",
                            3,
                            List.of(
                                    List.of(0),
                                    List.of(0, 2),
                                    List.of(),
                                    List.of(1),
                                    List.of(1, 2),
                                    List.of(0, 1, 2),
                                    List.of(2),
                                    List.of()),
                            List.of(
                                    List.of(0),
                                    List.of(0),
                                    List.of(1),
                                    List.of(1),
                                    List.of(2),
                                    List.of(0, 1, 2),
                                    List.of(),
                                    List.of()),
                            0.7777777777777778,
                            0.7777777777777777,
                            0.5,
                            0.16666666666666666,
                            0.4166666666666667),
                    new Table(
                            "a label that was never said, one that never occurred, one of neither",
                            4,
                            List.of(
                                    List.of(0, 1),
                                    List.of(1),
                                    List.of(0),
                                    List.of(),
                                    List.of(0, 1)),
                            List.of(List.of(0), List.of(), List.of(0, 2), List.of(), List.of(0)),
                            0.6,
                            0.3333333333333333,
                            0.2,
                            0.2,
                            0.2),
                    new Table(
                            "nothing ever said",
                            2,
                            List.of(List.of(0), List.of(1), List.of(0, 1)),
                            List.of(List.of(), List.of(), List.of()),
                            0,
                            0,
                            0,
                            0.6666666666666666,
                            0.3333333333333333));

    private static List<Tags> tags(List<List<Integer>> rows, int of) {
        return rows.stream().map(each -> new Tags(each, of)).toList();
    }

    @ParameterizedTest
    @FieldSource("TABLES")
    void isThatOfScikitLearn(Table table) {
        Map<String, Double> metrics = table.score().metrics();

        assertThat(metrics.get("microF1")).isCloseTo(table.microF1, within(TOLERANCE));
        assertThat(metrics.get("recentMicroF1")).isCloseTo(table.microF1, within(TOLERANCE));
        assertThat(metrics.get("macroF1")).isCloseTo(table.macroF1, within(TOLERANCE));
        assertThat(metrics.get("accuracy")).isCloseTo(table.accuracy, within(TOLERANCE));
        assertThat(metrics.get("recentAccuracy")).isCloseTo(table.accuracy, within(TOLERANCE));
        assertThat(metrics.get("hammingLoss")).isCloseTo(table.hammingLoss, within(TOLERANCE));
        assertThat(metrics.get("recentHammingLoss"))
                .isCloseTo(table.hammingLoss, within(TOLERANCE));
        assertThat(metrics.get("baselineHammingLoss")).isCloseTo(table.baseline, within(TOLERANCE));
    }

    @Test
    void withoutExamplesThereIsNothingToTell() {
        assertThat(MultiLabelScore.empty(3).metrics()).isEmpty();
        assertThat(MultiLabelScore.empty(3).recent("microF1", 50)).isEmpty();
    }

    @Test
    void whereNoTextHadALabelAndNoneWasSaidThereIsNoF1() {
        List<Tags> none = tags(List.of(List.of(), List.of()), 2);

        assertThat(MultiLabelScore.empty(2).plus(none, none).metrics())
                .containsOnlyKeys(
                        "accuracy",
                        "recentAccuracy",
                        "hammingLoss",
                        "recentHammingLoss",
                        "baselineHammingLoss")
                .containsEntry("accuracy", 1.);
    }

    /** Examples with tags of a growing number of labels in use. */
    private record Examples(List<Tags> truth, List<Tags> said) {

        static Examples of(long seed, int count, int labels) {
            Random random = new Random(seed);
            List<Tags> truth = new ArrayList<>();
            List<Tags> said = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                int inUse = 1 + Math.min(labels - 1, i / 100);
                truth.add(drawn(random, inUse, .4));
                said.add(random.nextBoolean() ? truth.get(i) : drawn(random, inUse, .4));
            }
            return new Examples(truth, said);
        }

        private static Tags drawn(Random random, int labels, double share) {
            return new Tags(
                    IntStream.range(0, labels)
                            .filter(row -> random.nextDouble() < share)
                            .boxed()
                            .toList(),
                    labels);
        }

        Examples part(int from, int to) {
            return new Examples(truth.subList(from, to), said.subList(from, to));
        }

        MultiLabelScore score(int labels) {
            return MultiLabelScore.empty(labels).plus(truth, said);
        }
    }

    @Property(tries = 100)
    void theNewestAreThoseOfTheLastThousandAlone(
            @ForAll long seed, @ForAll @IntRange(min = 1, max = 2500) int count) {
        Examples examples = Examples.of(seed, count, 5);
        Map<String, Double> newest =
                examples.part(Math.max(0, count - Score.WINDOW), count).score(5).metrics();

        Map<String, Double> metrics = examples.score(5).metrics();

        for (String metric : List.of("MicroF1", "Accuracy", "HammingLoss")) {
            String alone = Character.toLowerCase(metric.charAt(0)) + metric.substring(1);
            assertThat(metrics.get("recent" + metric)).isEqualTo(newest.get(alone));
        }
    }

    @Property(tries = 100)
    void isTheSameHoweverExamplesAreBatched(
            @ForAll long seed,
            @ForAll @IntRange(max = 1500) int first,
            @ForAll @IntRange(max = 1500) int second) {
        Examples all = Examples.of(seed, first + second, 4);
        Examples before = all.part(0, first);
        Examples after = all.part(first, first + second);

        MultiLabelScore whole = all.score(4);

        assertThat(before.score(4).plus(after.truth, after.said)).isEqualTo(whole);
        assertThat(before.score(4).followedBy(after.score(4))).isEqualTo(whole);
        assertThat(MultiLabelScore.of(whole.fields())).isEqualTo(whole).hasSameHashCodeAs(whole);
    }

    @Test
    void newLabelsWereNeverSeenNorSaid() {
        MultiLabelScore grown = TABLES.get(0).score().withLabels(5);

        assertThat(grown.metrics()).isEqualTo(TABLES.get(0).score().metrics());
        assertThat(grown.labelCounts()).containsExactly(3, 3, 4, 0, 0);
        assertThat(grown.fits(5)).isTrue();
        assertThat(grown.fits(3)).isFalse();
    }

    @Test
    void refusesCountsThatCannotBe() {
        Map<String, Object> fields = new LinkedHashMap<>(TABLES.get(0).score().fields().values());
        fields.put("right", new long[] {3, 9, 4});

        assertThatThrownBy(() -> MultiLabelScore.of(new ScoreFields(fields)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("contradict each other");
    }

    @Test
    void isBetterThanTheUsualLabelsByTheWrongAnswersThatAreGone() {
        MultiLabel task = new MultiLabel();

        assertThat(task.gain(TABLES.get(0).score().metrics())).hasValue(1 - (4 / 24.) / (10 / 24.));
        assertThat(task.gain(Map.of())).isEmpty();
    }
}
