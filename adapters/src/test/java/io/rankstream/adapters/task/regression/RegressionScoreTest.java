package io.rankstream.adapters.task.regression;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.rankstream.adapters.task.Score;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class RegressionScoreTest {

    private static final double TOLERANCE = 1e-9;

    /** Numbers whose places are ties as often as not, and what was said of them. */
    private record Pairs(List<Double> targets, List<Double> said) {

        static Pairs of(long seed, int count, double middle) {
            Random random = new Random(seed);
            List<Double> targets = new ArrayList<>();
            List<Double> said = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                double target = middle + random.nextInt(6);
                targets.add(target);
                said.add(target + random.nextInt(5) - 2);
            }
            return new Pairs(targets, said);
        }

        Pairs part(int from, int to) {
            return new Pairs(targets.subList(from, to), said.subList(from, to));
        }

        RegressionScore score() {
            return RegressionScore.EMPTY.plus(targets, said);
        }

        private double pearson() {
            return correlation(targets, said);
        }

        private double spearman() {
            return correlation(ranks(targets), ranks(said));
        }

        private double absoluteError() {
            return IntStream.range(0, targets.size())
                    .mapToDouble(i -> Math.abs(targets.get(i) - said.get(i)))
                    .average()
                    .orElseThrow();
        }

        private static List<Double> ranks(List<Double> values) {
            return values.stream()
                    .map(
                            value -> {
                                long less = values.stream().filter(v -> v < value).count();
                                long same = values.stream().filter(value::equals).count();
                                return less + (same + 1) / 2.0;
                            })
                    .toList();
        }

        /** By its definition, in two passes. */
        private static double correlation(List<Double> one, List<Double> other) {
            double ofOne = one.stream().mapToDouble(v -> v).average().orElseThrow();
            double ofOther = other.stream().mapToDouble(v -> v).average().orElseThrow();
            double products = 0;
            double squares = 0;
            double otherSquares = 0;
            for (int i = 0; i < one.size(); i++) {
                products += (one.get(i) - ofOne) * (other.get(i) - ofOther);
                squares += Math.pow(one.get(i) - ofOne, 2);
                otherSquares += Math.pow(other.get(i) - ofOther, 2);
            }
            return products / Math.sqrt(squares * otherSquares);
        }
    }

    @Property(tries = 200)
    void tellsWhatTheDefinitionsSay(
            @ForAll long seed, @ForAll @IntRange(min = 20, max = 1500) int count) {
        Pairs pairs = Pairs.of(seed, count, 1e6);
        Pairs newest = pairs.part(Math.max(0, count - Score.WINDOW), count);

        Map<String, Double> metrics = pairs.score().metrics();

        assertThat(metrics.get("pearson")).isCloseTo(pairs.pearson(), within(TOLERANCE));
        assertThat(metrics.get("recentPearson")).isCloseTo(newest.pearson(), within(TOLERANCE));
        assertThat(metrics.get("recentSpearman")).isCloseTo(newest.spearman(), within(TOLERANCE));
        assertThat(metrics.get("meanAbsoluteError"))
                .isCloseTo(pairs.absoluteError(), within(TOLERANCE));
        assertThat(metrics.get("recentMeanAbsoluteError"))
                .isCloseTo(newest.absoluteError(), within(TOLERANCE));
    }

    @Property(tries = 200)
    void isTheSameHoweverTheExamplesAreSplit(
            @ForAll long seed,
            @ForAll @IntRange(min = 20, max = 2500) int count,
            @ForAll @IntRange(min = 0, max = 2500) int cut) {
        Pairs pairs = Pairs.of(seed, count, -3e5);
        int at = Math.min(cut, count);
        Pairs first = pairs.part(0, at);
        Pairs second = pairs.part(at, count);

        RegressionScore merged = first.score().followedBy(second.score());
        RegressionScore batches =
                RegressionScore.EMPTY
                        .plus(first.targets(), first.said())
                        .plus(second.targets(), second.said());

        RegressionScore whole = pairs.score();
        assertThat(batches).isEqualTo(whole);
        assertThat(merged.targets()).isEqualTo(whole.targets());
        assertThat(merged.said()).isEqualTo(whole.said());
        assertThat(merged.examples()).isEqualTo(whole.examples());
        whole.metrics()
                .forEach(
                        (name, value) ->
                                assertThat(merged.metrics().get(name))
                                        .as(name)
                                        .isCloseTo(value, within(1e-8)));
    }

    @Property(tries = 50)
    void isReadBackBitForBit(@ForAll long seed, @ForAll @IntRange(max = 1200) int count) {
        RegressionScore score = Pairs.of(seed, count, .1).score();

        assertThat(new Regression().score(score.fields())).isEqualTo(score);
    }

    @Test
    void tellsNoCorrelationWhereOneSideIsAlwaysTheSame() {
        RegressionScore score =
                RegressionScore.EMPTY.plus(List.of(1., 2., 3.), List.of(2., 2., 2.));

        assertThat(score.metrics())
                .doesNotContainKeys("pearson", "recentPearson", "recentSpearman")
                .containsEntry("meanAbsoluteError", 2 / 3.)
                .containsEntry("meanSquaredError", 2 / 3.)
                .containsEntry("baselineSquaredError", 2 / 3.);
    }

    @Test
    void tellsNothingBeforeTheFirstExample() {
        assertThat(RegressionScore.EMPTY.metrics()).isEmpty();
        assertThat(RegressionScore.EMPTY.recent("pearson", 50)).isEmpty();
    }

    @Test
    void looksBackOnAsManyAsAreAskedFor() {
        RegressionScore score =
                RegressionScore.EMPTY.plus(List.of(9., 1., 2.), List.of(0., 1., 3.));

        assertThat(score.recent("meanAbsoluteError", 2)).hasValue(.5);
        assertThat(score.recent("accuracy", 2)).isEmpty();
    }
}
