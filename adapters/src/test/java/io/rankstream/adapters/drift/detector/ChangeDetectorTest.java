package io.rankstream.adapters.drift.detector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What every detector promises. */
class ChangeDetectorTest {

    private static final long RUN_LENGTH = 10_000;
    private static final int STREAMS = 50;

    private static boolean[] surprises(long seed, int examples, IntToDoubleFunction share) {
        Random random = new Random(seed);
        boolean[] surprises = new boolean[examples];
        for (int i = 0; i < examples; i++) {
            surprises[i] = random.nextDouble() < share.applyAsDouble(i);
        }
        return surprises;
    }

    private static ChangeDetector fresh(DetectorKind kind, long runLength) {
        return ChangeDetector.of(kind.empty(), runLength);
    }

    /** Number, from 1, of each example that raises an alarm. */
    private static List<Integer> alarms(ChangeDetector detector, boolean[] surprises) {
        List<Integer> alarms = new ArrayList<>();
        for (int i = 0; i < surprises.length; i++) {
            if (observe(detector, surprises[i]).isPresent()) {
                alarms.add(i + 1);
            }
        }
        return alarms;
    }

    private static Optional<Rise> observe(ChangeDetector detector, boolean surprise) {
        return detector.observe(surprise, ChangeDetector.RAREST);
    }

    /** Every detector under shares from never to always. */
    static Stream<Arguments> shares() {
        return Stream.of(DetectorKind.values())
                .flatMap(
                        kind ->
                                Stream.of(
                                                0, .001, .005, .01, .02, .05, .1, .2, .3, .5, .9,
                                                .99, .996, .999, 1)
                                        .map(share -> Arguments.of(kind, share.doubleValue())));
    }

    @ParameterizedTest
    @MethodSource("shares")
    void whereNothingChangesAlarmsAreNoMoreFrequentThanPromised(DetectorKind kind, double share) {
        assertPromised(kind, share, RUN_LENGTH, 5_000);
    }

    @ParameterizedTest
    @MethodSource("shares")
    void aShortRunIsPromisedToo(DetectorKind kind, double share) {
        assertPromised(kind, share, 100, 500);
    }

    @Tag("nightly")
    @ParameterizedTest
    @MethodSource("shares")
    void inAMillionExamplesToo(DetectorKind kind, double share) {
        for (long runLength : new long[] {100, 1_000, RUN_LENGTH}) {
            assertPromised(kind, share, runLength, 20_000);
        }
    }

    private static void assertPromised(
            DetectorKind kind, double share, long runLength, int examples) {
        int alarms =
                IntStream.range(0, STREAMS)
                        .map(
                                seed ->
                                        alarms(
                                                        fresh(kind, runLength),
                                                        surprises(seed, examples, i -> share))
                                                .size())
                        .sum();

        assertThat((long) alarms).isLessThanOrEqualTo((long) STREAMS * examples / runLength);
    }

    @ParameterizedTest
    @EnumSource
    void aLongerRunWithoutAFalseAlarmIsFewerOfThem(DetectorKind kind) {
        int often = 0;
        int seldom = 0;
        for (int seed = 0; seed < 10; seed++) {
            boolean[] stream = surprises(seed, 5_000, i -> .1);
            often += alarms(fresh(kind, 100), stream).size();
            seldom += alarms(fresh(kind, RUN_LENGTH), stream).size();
        }

        assertThat(often).isGreaterThan(10 * seldom);
    }

    @ParameterizedTest
    @EnumSource
    void aFallingShareIsNoRise(DetectorKind kind) {
        for (int seed = 0; seed < 10; seed++) {
            boolean[] stream = surprises(seed, 5_000, i -> .9 - .8 * i / 5_000);

            assertThat(alarms(fresh(kind, RUN_LENGTH), stream)).isEmpty();
        }
    }

    /** Whatever the share falls from, to and when. */
    @Property(tries = 200)
    void aFallIsNone(
            @ForAll DetectorKind kind,
            @ForAll @IntRange(max = 30) int seed,
            @ForAll @IntRange(min = 120, max = 1_500) int at,
            @ForAll @DoubleRange(min = .5, max = .99) double before,
            @ForAll @DoubleRange(max = .3) double after) {
        boolean[] stream = surprises(seed, at + 300, i -> i < at ? before : after);
        ChangeDetector detector = fresh(kind, 1_000_000_000);

        assertThat(alarms(detector, stream)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "CUSUM, 30", "CUSUM, 100", "CUSUM, 300", "CUSUM, 1000",
        "ADWIN, 30", "ADWIN, 100", "ADWIN, 300", "ADWIN, 1000"
    })
    void anAdapterThatLearnsSlowlyRaisesNoneMeanwhile(DetectorKind kind, int slowness) {
        for (int seed = 0; seed < 20; seed++) {
            boolean[] stream =
                    surprises(seed, 3 * slowness, i -> .1 + .8 * Math.exp(-i / (double) slowness));

            assertThat(alarms(fresh(kind, RUN_LENGTH), stream)).isEmpty();
        }
    }

    @ParameterizedTest(name = "{0} from {1} to {2}")
    @CsvSource({
        "CUSUM, 0, .5, 10",
        "CUSUM, .02, .5, 10",
        "CUSUM, .2, .9, 20",
        "CUSUM, .005, .1, 60",
        "CUSUM, .1, .3, 80",
        "CUSUM, .3, .6, 60",
        "CUSUM, .5, .8, 60",
        "CUSUM, .02, .1, 150",
        "ADWIN, 0, .5, 20",
        "ADWIN, .02, .5, 20",
        "ADWIN, .2, .9, 20",
        "ADWIN, .005, .1, 120",
        "ADWIN, .1, .3, 100",
        "ADWIN, .3, .6, 60",
        "ADWIN, .5, .8, 80",
        "ADWIN, .02, .1, 200",
        "ADWIN, .1, .2, 240"
    })
    void aJumpIsFoundSoonAndTheSoonerTheLargerItIs(
            DetectorKind kind, double before, double after, int median) {
        List<Integer> delays = new ArrayList<>();
        for (Found found : jumps(kind, before, after)) {
            delays.add(found.delay());
        }
        delays.sort(null);

        assertThat(delays).hasSizeGreaterThan(STREAMS * 9 / 10);
        assertThat(delays.get(delays.size() / 2)).isBetween(2, median);
    }

    @ParameterizedTest(name = "{0} from {1} to {2}")
    @CsvSource({
        "CUSUM, 0, .5, 2",
        "CUSUM, .02, .5, 3",
        "CUSUM, .2, .9, 3",
        "CUSUM, .5, .8, 10",
        "CUSUM, .1, .3, 12",
        "ADWIN, 0, .5, 8",
        "ADWIN, .02, .5, 8",
        "ADWIN, .2, .9, 8",
        "ADWIN, .5, .8, 16",
        "ADWIN, .1, .3, 16",
        "ADWIN, .1, .2, 48"
    })
    void itTellsWhenTheChangeBeganAndWhatTheSharesWere(
            DetectorKind kind, double before, double after, int median) {
        List<Integer> errors = new ArrayList<>();
        for (Found found : jumps(kind, before, after)) {
            errors.add(Math.abs(found.delay() - found.rise().length()));
            assertThat(found.rise().before()).isCloseTo(before, within(.1));
            assertThat(found.rise().since()).isGreaterThan(found.rise().before());
        }
        errors.sort(null);

        assertThat(errors.get(errors.size() / 2)).isLessThanOrEqualTo(median);
    }

    private record Found(int delay, Rise rise) {}

    /** What is found within 1,000 examples after a jump that 1,000 examples went before. */
    private static List<Found> jumps(DetectorKind kind, double before, double after) {
        List<Found> found = new ArrayList<>();
        for (int seed = 0; seed < STREAMS; seed++) {
            ChangeDetector detector = fresh(kind, RUN_LENGTH);
            boolean[] stream = surprises(seed, 2_000, i -> i < 1_000 ? before : after);
            for (int i = 0; i < stream.length; i++) {
                Optional<Rise> rise = observe(detector, stream[i]);
                if (i >= 1_000 && rise.isPresent()) {
                    found.add(new Found(i - 999, rise.get()));
                    break;
                }
            }
        }
        return found;
    }

    @ParameterizedTest
    @CsvSource({
        "CUSUM, 0", "CUSUM, 1", "CUSUM, 40", "CUSUM, 70", "CUSUM, 99",
        "ADWIN, 0", "ADWIN, 1", "ADWIN, 40", "ADWIN, 70", "ADWIN, 99"
    })
    void itIsSilentInItsFirstExamplesAndAsLongAfterAnAlarm(DetectorKind kind, int firstSurprise) {
        ChangeDetector detector = fresh(kind, RUN_LENGTH);
        boolean[] stream = surprises(0, ChangeDetector.WARM_UP, i -> i < firstSurprise ? 0 : 1);

        assertThat(alarms(detector, stream)).isEmpty();

        boolean[] change = surprises(0, 400, i -> i < 300 ? 0 : 1);
        ChangeDetector alarmed = fresh(kind, RUN_LENGTH);
        int alarm = alarms(alarmed, change).get(0);
        assertThat(alarm).isGreaterThan(300);
        ChangeDetector after = fresh(kind, RUN_LENGTH);
        alarms(after, surprises(0, alarm, i -> i < 300 ? 0 : 1));
        assertThat(alarms(after, stream)).isEmpty();
    }

    @Property(tries = 200)
    void aStateGoesOnBitForBitWhereverItIsTaken(
            @ForAll DetectorKind kind,
            @ForAll long seed,
            @ForAll @IntRange(max = 600) int at,
            @ForAll @DoubleRange(max = .5) double before,
            @ForAll @DoubleRange(max = 1) double after) {
        boolean[] stream = surprises(seed, 600, i -> i < 300 ? before : after);
        ChangeDetector whole = fresh(kind, 100);
        ChangeDetector split = fresh(kind, 100);
        for (int i = 0; i < stream.length; i++) {
            if (i == at) {
                split = ChangeDetector.of(split.state(), 100);
            }
            assertThat(observe(split, stream[i])).isEqualTo(observe(whole, stream[i]));
        }

        assertThat(split.state()).isEqualTo(whole.state());
        assertThat(split.state().kind()).isEqualTo(kind);
    }

    @ParameterizedTest
    @EnumSource
    void whatItIsToldIsUsualItTakesForUsualAtOnce(DetectorKind kind) {
        ChangeDetector detector = fresh(kind, RUN_LENGTH);
        detector.expect(.02);

        assertThat(detector.state().usualShare()).isCloseTo(.02, within(1e-9));
        assertThat(alarms(detector, surprises(3, 30, i -> .5))).isNotEmpty();

        detector.expect(.5);
        assertThat(alarms(detector, surprises(3, 30, i -> .5))).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void whatHasBegunAnewKnowsNothing(DetectorKind kind) {
        ChangeDetector detector = fresh(kind, RUN_LENGTH);
        alarms(detector, surprises(3, 300, i -> .5));

        detector.begin();

        assertThat(detector.state()).isEqualTo(kind.empty());
    }

    @ParameterizedTest
    @EnumSource
    void aShareThatWasRarerThanTheLeastUsualOneMayRiseToIt(DetectorKind kind) {
        ChangeDetector detector = fresh(kind, RUN_LENGTH);
        boolean[] stream = surprises(4, 1_500, i -> i < 500 ? 0 : .1);

        for (boolean surprise : stream) {
            assertThat(detector.observe(surprise, .1)).isEmpty();
        }
    }

    /** What the smallest rises come to, which bets find late or never. */
    @Test
    void aWindowFindsSmallRisesMoreOften() {
        assertThat(jumps(DetectorKind.ADWIN, .05, .1))
                .hasSizeGreaterThan(jumps(DetectorKind.CUSUM, .05, .1).size() * 3 / 2);
    }
}
