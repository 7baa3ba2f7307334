package io.rankstream.adapters.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.rankstream.adapters.task.Target;
import io.rankstream.adapters.tokens.Tokens;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class ProbesTest {

    private static final int PERIOD = 100;

    private final Probes probes = of(.5);

    private static Probes of(double share) {
        return new Probes(ProbeState.after(0), new ProbeSettings(share, PERIOD));
    }

    /** Gives examples with these numbers; every other is withheld. */
    private static void give(Probes probes, long from, long to, int labels) {
        for (long number = from; number < to; number++) {
            if (number % 2 == 0) {
                withhold(probes, number, "label " + number / 2 % labels);
            } else {
                probes.learned(1);
            }
        }
    }

    private static void withhold(Probes probes, long number, String label) {
        probes.withheld(
                new SplittableRandom(number).nextLong(),
                new Tokens(new int[] {(int) number}, false),
                new Target.Label(label));
    }

    private static List<OptionalDouble> allRight(List<Probe> asked) {
        return asked.stream().map(probe -> OptionalDouble.of(1)).toList();
    }

    private static List<Probe> all(Probes probes) {
        return probes.state().periods().stream()
                .flatMap(period -> period.probes().stream())
                .toList();
    }

    @Property(tries = 20)
    void withholdTheShareThatIsAskedFor(@ForAll @DoubleRange(min = 0, max = .9) double share) {
        Probes some = of(share);

        long withheld = new SplittableRandom(7).longs(10_000).filter(some::withholds).count();

        assertThat(withheld / 1e4).isCloseTo(share, within(.02));
    }

    @Test
    void aPeriodIsOverAfterAsManyExamplesWithheldOnesIncluded() {
        give(probes, 0, PERIOD - 1, 2);
        assertThat(probes.isPeriodOver()).isFalse();

        give(probes, PERIOD - 1, PERIOD, 2);

        assertThat(probes.isPeriodOver()).isTrue();
    }

    @Test
    void tellHowTheyWereAnsweredThenAndNow() {
        give(probes, 0, PERIOD, 2);
        probes.endPeriod(ProbesTest::allRight);
        give(probes, PERIOD, 2 * PERIOD, 2);

        Forgetting told =
                probes.endPeriod(asked -> asked.stream().map(ProbesTest::rightIfLabelZero).toList())
                        .orElseThrow();

        assertThat(told.withheld()).isEqualTo(PERIOD);
        assertThat(told.periods())
                .containsExactly(
                        new Forgetting.OfPeriod(1, PERIOD, new Forgetting.Retained(32, 1, .5)),
                        new Forgetting.OfPeriod(
                                PERIOD + 1, 2 * PERIOD, new Forgetting.Retained(32, .5, .5)));
        assertThat(told.labels())
                .containsExactly(
                        new Forgetting.OfLabel("label 0", new Forgetting.Retained(32, 1, 1)),
                        new Forgetting.OfLabel("label 1", new Forgetting.Retained(32, .5, 0)));
        assertThat(told.all()).isEqualTo(new Forgetting.Retained(64, .75, .5));
        assertThat(probes.retained()).contains(told.all());
        assertThat(probes.state().retained()).contains(told.all());
    }

    private static OptionalDouble rightIfLabelZero(Probe probe) {
        return OptionalDouble.of(probe.target().shown().equals("label 0") ? 1 : 0);
    }

    @Test
    void keepTheAnswersOfOneThatCannotBeAskedAnyMoreAndDropOneThatNeverCould() {
        give(probes, 0, PERIOD, 2);
        probes.endPeriod(ProbesTest::allRight);
        give(probes, PERIOD, 2 * PERIOD, 2);

        Forgetting told =
                probes.endPeriod(
                                asked ->
                                        asked.stream()
                                                .map(probe -> OptionalDouble.empty())
                                                .toList())
                        .orElseThrow();

        assertThat(told.all()).isEqualTo(new Forgetting.Retained(32, 1, 1));
    }

    @Test
    void tellNothingWhereNothingWasWithheld() {
        probes.learned(PERIOD);

        assertThat(probes.endPeriod(ProbesTest::allRight)).isEmpty();
        assertThat(probes.retained()).isEmpty();
    }

    @Test
    void anEqualTextIsOneProbe() {
        withhold(probes, 4, "label 0");
        withhold(probes, 4, "label 0");

        assertThat(all(probes)).hasSize(1);
        assertThat(probes.state().withheld()).isEqualTo(2);
    }

    @Property(tries = 50)
    void ofAPeriodAreOfEachLabelAsManyAsThereAreUpToItsShare(
            @ForAll @IntRange(min = 1, max = 100) int frequent,
            @ForAll @IntRange(min = 1, max = 100) int rare) {
        Probes given = of(.5);
        for (int i = 0; i < frequent; i++) {
            withhold(given, i, "frequent");
        }
        for (int i = 0; i < rare; i++) {
            withhold(given, 1000 + i, "rare");
        }

        var counts =
                all(given).stream()
                        .collect(
                                Collectors.groupingBy(
                                        probe -> probe.target().shown(), Collectors.counting()));

        int half = ProbePeriod.MOST / 2;
        assertThat(counts.get("rare"))
                .isEqualTo(Math.min(rare, Math.max(half, ProbePeriod.MOST - frequent)));
        assertThat(counts.get("frequent"))
                .isEqualTo(Math.min(frequent, Math.max(half, ProbePeriod.MOST - rare)));
    }

    @Test
    void numbersAreAllAlike() {
        for (int i = 0; i < 100; i++) {
            probes.withheld(
                    new SplittableRandom(i).nextLong(),
                    new Tokens(new int[] {i}, false),
                    new Target.Numeric(i));
        }

        assertThat(all(probes))
                .extracting(Probe::draw)
                .containsExactlyInAnyOrderElementsOf(
                        LongStream.range(0, 100)
                                .map(i -> new SplittableRandom(i).nextLong())
                                .boxed()
                                .sorted((a, b) -> Long.compare(a >>> 11, b >>> 11))
                                .limit(ProbePeriod.MOST)
                                .toList());
    }

    @Test
    void thePeriodsOfALongStreamAreFewAndOlderOnesLonger() {
        for (long period = 0; period < 1000; period++) {
            give(probes, period * PERIOD, (period + 1) * PERIOD, 3);
            probes.endPeriod(ProbesTest::allRight);
        }

        List<ProbePeriod> periods = probes.state().periods();
        assertThat(periods).hasSizeLessThan(22);
        assertThat(periods.get(0).first()).isEqualTo(1);
        for (int i = 1; i < periods.size(); i++) {
            assertThat(periods.get(i).examples())
                    .isLessThanOrEqualTo(periods.get(i - 1).examples());
        }
    }

    @Property(tries = 50)
    void goOnFromTheirStateAsIfTheyHadNeverStopped(@ForAll @IntRange(min = 1, max = 900) int stop) {
        Probes whole = of(.5);
        Probes part = of(.5);
        for (int i = 0; i < 1000; i++) {
            if (i == stop) {
                part = new Probes(part.state(), new ProbeSettings(.5, PERIOD));
            }
            for (Probes one : List.of(whole, part)) {
                give(one, i, i + 1, 4);
                if (one.isPeriodOver()) {
                    one.endPeriod(ProbesTest::allRight);
                }
            }
        }

        assertThat(part.state()).isEqualTo(whole.state());
        assertThat(part.retained()).isEqualTo(whole.retained());
    }

    /** A period is longer where a step has many examples, or comes after many withheld ones. */
    @Property(tries = 50)
    void periodsAreFewHoweverTheirLengthsVary(
            @ForAll long seed, @ForAll @IntRange(min = 1, max = 5000) int largest) {
        SplittableRandom random = new SplittableRandom(seed);
        Probes some = of(.5);

        for (int period = 0; period < 500; period++) {
            some.learned(period % 2 == 0 ? PERIOD : random.nextInt(PERIOD, PERIOD + largest));
            some.endPeriod(ProbesTest::allRight);
        }

        List<ProbePeriod> periods = some.state().periods();
        long inPeriods = periods.get(periods.size() - 1).last() / PERIOD;
        int digits = Long.SIZE - Long.numberOfLeadingZeros(inPeriods);
        assertThat(periods).hasSizeLessThanOrEqualTo(2 * digits + 3);
    }

    /**
     * Otherwise old periods of a stream that repeats itself were copies of few texts in the end.
     */
    @Property(tries = 50)
    void equalTextsOfAPeriodAreOneProbeHoweverManyPeriodsItIsOf(
            @ForAll @IntRange(min = 1, max = 200) int texts) {
        Probes some = of(.5);

        for (int period = 0; period < 40; period++) {
            for (int i = 0; i < PERIOD; i++) {
                withhold(some, i % texts, "label " + i % texts % 3);
            }
            some.endPeriod(ProbesTest::allRight);
        }

        assertThat(some.state().periods())
                .allSatisfy(
                        period ->
                                assertThat(period.probes())
                                        .extracting(Probe::draw)
                                        .doesNotHaveDuplicates());
    }

    @Test
    void aStateThatCannotBeIsRefused() {
        Probe asked =
                new Probe(
                        1,
                        new Tokens(new int[] {1}, false),
                        new Target.Label("a"),
                        Optional.of(new Probe.Answers(1, 1)));

        assertThatThrownBy(() -> new ProbeState(0, List.of()))
                .hasMessageContaining("there is no period");
        assertThatThrownBy(
                        () ->
                                new ProbeState(
                                        0,
                                        List.of(
                                                new ProbePeriod(1, 5, List.of()),
                                                new ProbePeriod(7, 9, List.of()))))
                .hasMessageContaining("ends at example 5, and the next begins at 7");
        assertThatThrownBy(() -> new ProbeState(1, List.of(new ProbePeriod(1, 1, List.of(asked)))))
                .hasMessageContaining("has answers");
        assertThatThrownBy(() -> new Probe.Answers(1, Double.NaN))
                .hasMessageContaining("expected finite numbers");
    }
}
