package io.rankstream.adapters.task.classification;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.rankstream.adapters.task.Score;
import io.rankstream.adapters.task.ScoreFields;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

/** F1 and Matthews correlation of a classification's prequential score. */
class LabelScoresTest {

    private static final double TOLERANCE = 1e-12;

    /**
     * What was true and said, and what scikit-learn 1.9.1 makes of it:
     *
     * <pre>
     * from sklearn.metrics import f1_score, matthews_corrcoef
     * f1_score(true, said, average='macro', zero_division=0)
     * f1_score(true, said, zero_division=0)  # of two labels
     * matthews_corrcoef(true, said)
     * </pre>
     *
     * @param binaryF1 NaN of more than two labels
     */
    private record Table(
            String name,
            int labels,
            int[] truth,
            int[] said,
            double macroF1,
            double binaryF1,
            double matthews) {

        PrequentialScore score() {
            return PrequentialScore.empty(labels).plus(truth, said);
        }

        @Override
        public String toString() {
            return name;
        }
    }

    static final List<Table> TABLES =
            List.of(
                    new Table(
                            "two labels",
                            2,
                            new int[] {1, 1, 1, 0, 0, 0, 0, 1, 0, 0},
                            new int[] {1, 0, 1, 0, 1, 0, 0, 1, 0, 1},
                            0.696969696969697,
                            0.6666666666666666,
                            0.408248290463863),
                    new Table(
                            "a label that was never said, one that never occurred, one of neither",
                            6,
                            new int[] {0, 0, 1, 1, 2, 2, 2, 4, 0},
                            new int[] {0, 1, 1, 2, 2, 2, 0, 3, 0},
                            0.3666666666666666,
                            Double.NaN,
                            0.39655172413793105),
                    new Table(
                            "always the same label said",
                            2,
                            new int[] {0, 1, 1, 0, 1},
                            new int[] {1, 1, 1, 1, 1},
                            0.375,
                            0.75,
                            0),
                    new Table(
                            "worse than a guess",
                            2,
                            new int[] {0, 1, 0, 1, 1},
                            new int[] {1, 0, 1, 0, 1},
                            0.16666666666666666,
                            0.3333333333333333,
                            -0.6666666666666666));

    @ParameterizedTest
    @FieldSource("TABLES")
    void areThoseOfScikitLearn(Table table) {
        Map<String, Double> metrics = table.score().metrics();

        assertThat(metrics.get("macroF1")).isCloseTo(table.macroF1, within(TOLERANCE));
        assertThat(metrics.get("recentMacroF1")).isCloseTo(table.macroF1, within(TOLERANCE));
        assertThat(metrics.get("matthews")).isCloseTo(table.matthews, within(TOLERANCE));
        assertThat(metrics.get("recentMatthews")).isCloseTo(table.matthews, within(TOLERANCE));
        if (Double.isNaN(table.binaryF1)) {
            assertThat(metrics).doesNotContainKeys("f1", "recentF1");
        } else {
            assertThat(metrics.get("f1")).isCloseTo(table.binaryF1, within(TOLERANCE));
            assertThat(metrics.get("recentF1")).isCloseTo(table.binaryF1, within(TOLERANCE));
        }
    }

    @Test
    void withoutExamplesThereAreNone() {
        assertThat(PrequentialScore.empty(2).metrics()).isEmpty();
        assertThat(PrequentialScore.empty(2).recent("macroF1", 50)).isEmpty();
    }

    @Test
    void whileOneLabelAloneHasOccurredThereIsNoCorrelation() {
        PrequentialScore score =
                PrequentialScore.empty(3).plus(new int[] {2, 2, 2}, new int[] {2, 0, 2});

        assertThat(score.metrics())
                .doesNotContainKeys("matthews", "recentMatthews")
                .containsEntry("macroF1", .4);
    }

    @Test
    void theSecondOfTwoLabelsHasAnF1OnceItOccurredOrWasSaid() {
        PrequentialScore first = PrequentialScore.empty(2).plus(new int[2], new int[2]);

        assertThat(first.metrics()).doesNotContainKey("f1").containsEntry("macroF1", 1.);
        assertThat(first.plus(new int[1], new int[] {1}).metrics()).containsEntry("f1", 0.);
    }

    @Test
    void aPerfectScoreOfABillionExamplesIsOne() {
        long[] counts = {999_999_937, 3, 60};

        LabelCounts perfect = new LabelCounts(counts, counts, counts);

        assertThat(perfect.matthews()).hasValue(1);
        assertThat(perfect.macroF1()).hasValue(1);
    }

    @Test
    void retiredLabelsCountWhileTheirExamplesDo() {
        int[] retired = new int[10];
        Arrays.fill(retired, 2);
        PrequentialScore score = PrequentialScore.empty(3).plus(retired, new int[10]);

        score = score.plus(alternating(Score.WINDOW), alternating(Score.WINDOW));

        assertThat(score.metrics()).containsEntry("recentMacroF1", 1.);
        assertThat(score.metrics().get("macroF1"))
                .isCloseTo((1000. / 1010 + 1) / 3, within(TOLERANCE));
    }

    private static int[] alternating(int examples) {
        return IntStream.range(0, examples).map(i -> i % 2).toArray();
    }

    @Property(tries = 300)
    void areTheSameInOneInBatchesAndMerged(
            @ForAll @Size(max = 2600) List<@IntRange(max = 24) Integer> pairs,
            @ForAll @IntRange(max = 2600) int cut,
            @ForAll @IntRange(min = 1, max = 700) int batch) {
        int[] truth = pairs.stream().mapToInt(pair -> pair / 5).toArray();
        int[] said = pairs.stream().mapToInt(pair -> pair % 5).toArray();
        int first = Math.min(cut, truth.length);

        PrequentialScore whole = PrequentialScore.empty(5).plus(truth, said);

        PrequentialScore inBatches = PrequentialScore.empty(5);
        for (int from = 0; from < truth.length; from += batch) {
            int to = Math.min(truth.length, from + batch);
            inBatches = inBatches.plus(part(truth, from, to), part(said, from, to));
        }
        PrequentialScore merged =
                PrequentialScore.empty(5)
                        .plus(part(truth, 0, first), part(said, 0, first))
                        .followedBy(
                                PrequentialScore.empty(5)
                                        .plus(
                                                part(truth, first, truth.length),
                                                part(said, first, said.length)));
        assertThat(inBatches).isEqualTo(whole);
        assertThat(merged).isEqualTo(whole);
        assertThat(new Classification().score(whole.fields())).isEqualTo(whole);
    }

    @Property(tries = 300)
    void lookBackOnTheNewestAsIfThereHadBeenNoOthers(
            @ForAll @Size(min = 1, max = 2600) List<@IntRange(max = 3) Integer> pairs,
            @ForAll @IntRange(min = 1, max = Score.WINDOW) int newest) {
        int[] truth = pairs.stream().mapToInt(pair -> pair / 2).toArray();
        int[] said = pairs.stream().mapToInt(pair -> pair % 2).toArray();
        int from = Math.max(0, truth.length - newest);

        PrequentialScore whole = PrequentialScore.empty(2).plus(truth, said);
        PrequentialScore alone =
                PrequentialScore.empty(2)
                        .plus(part(truth, from, truth.length), part(said, from, said.length));

        for (String metric : List.of("macroF1", "f1", "matthews")) {
            assertThat(whole.recent(metric, newest)).as(metric).isEqualTo(alone.metric(metric));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 4, 5, 16, 17, 150, 256, 257, 65_536, 65_537})
    void labelsThatAreAddedChangeNothing(int more) {
        PrequentialScore two =
                PrequentialScore.empty(2).plus(alternating(1500), new int[1500]).withLabels(more);
        PrequentialScore grown = two.plus(new int[] {more - 1}, new int[] {more - 1});

        PrequentialScore born =
                PrequentialScore.empty(more)
                        .plus(alternating(1500), new int[1500])
                        .plus(new int[] {more - 1}, new int[] {more - 1});

        assertThat(grown).isEqualTo(born);
        assertThat(new Classification().score(grown.fields())).isEqualTo(grown);
    }

    @Test
    void whatWasSaidTakesLessThanFiveThousandBytesOf150Labels() {
        int[] rows = IntStream.range(0, 3000).map(i -> i % 150).toArray();
        PrequentialScore score = PrequentialScore.empty(150).plus(rows, rows);

        int numbers =
                score.fields().values().entrySet().stream()
                        .filter(field -> field.getKey().startsWith("confusion"))
                        .mapToInt(field -> field.getValue() instanceof long[] all ? all.length : 1)
                        .sum();

        assertThat(numbers * Long.BYTES).isLessThan(5000);
    }

    /** One of an earlier release, of which it is not known what was said. */
    private static PrequentialScore early(int examples) {
        return forgetful(
                PrequentialScore.empty(2).plus(alternating(examples), new int[examples]).fields());
    }

    private static PrequentialScore forgetful(ScoreFields fields) {
        Map<String, Object> known = new LinkedHashMap<>(fields.values());
        known.keySet().removeIf(field -> field.startsWith("confusion"));
        return new Classification().score(new ScoreFields(known));
    }

    @Test
    void anEarlierReleasesScoreTellsThemOfTheNewestAloneOnceItHasSeenThese() {
        PrequentialScore score = early(300).plus(alternating(100), alternating(100));

        assertThat(score.accuracy()).isEqualTo(250. / 400);
        assertThat(score.metrics())
                .doesNotContainKeys("macroF1", "f1", "matthews", "recentMacroF1");
        assertThat(score.recent("matthews", 100)).hasValue(1);
        assertThat(score.recent("matthews", 101)).isEmpty();

        score = score.plus(alternating(900), alternating(900));

        assertThat(score.metrics())
                .doesNotContainKeys("macroF1", "f1", "matthews")
                .containsEntry("recentMacroF1", 1.)
                .containsEntry("recentF1", 1.)
                .containsEntry("recentMatthews", 1.);
        assertThat(new Classification().score(score.fields())).isEqualTo(score);
    }

    @Test
    void anEarlierReleasesScoreIsWrittenAsItWas() {
        ScoreFields fields = early(7).fields();

        assertThat(fields.values())
                .containsOnlyKeys("examples", "correct", "labelCounts", "window");
    }

    @Test
    void afterAScoreThatForgotItsFirstExamplesOnlyTheOthersAreKnown() {
        PrequentialScore before = PrequentialScore.empty(2).plus(new int[50], new int[50]);
        PrequentialScore later = early(30).plus(alternating(20), alternating(20));

        PrequentialScore both = before.followedBy(later);

        assertThat(both.examples()).isEqualTo(100);
        assertThat(both.recent("macroF1", 20)).isEqualTo(OptionalDouble.of(1));
        assertThat(both.recent("macroF1", 21)).isEmpty();
        assertThat(later.followedBy(before).recent("macroF1", 70)).isPresent();
        assertThat(later.followedBy(before).recent("macroF1", 71)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"confusion.examples", "confusion.said", "confusion.correct"})
    void fieldsThatContradictEachOtherAreRefused(String field) {
        Map<String, Object> values = new LinkedHashMap<>(TABLES.get(0).score().fields().values());
        values.put(field, field.endsWith("examples") ? 9L : new long[] {1, 1});

        assertThatThrownBy(() -> new Classification().score(new ScoreFields(values)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("the score's confusion contradicts itself or the score");
    }

    @Test
    void rowsOfNoLabelAreRefused() {
        Map<String, Object> values = new LinkedHashMap<>(TABLES.get(1).score().fields().values());
        values.put("confusion.window", new long[] {-1L, -1L});

        assertThatThrownBy(() -> new Classification().score(new ScoreFields(values)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static int[] part(int[] values, int from, int to) {
        return Arrays.copyOfRange(values, from, to);
    }
}
