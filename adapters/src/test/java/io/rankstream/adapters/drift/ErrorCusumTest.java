package io.rankstream.adapters.drift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ErrorCusumTest {

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

    private static ErrorCusum fresh(long runLength) {
        return new ErrorCusum(CusumState.empty(), runLength);
    }

    /** Number, from 1, of each example that raises an alarm. */
    private static List<Integer> alarms(ErrorCusum detector, boolean[] surprises) {
        List<Integer> alarms = new ArrayList<>();
        for (int i = 0; i < surprises.length; i++) {
            if (observe(detector, surprises[i]).isPresent()) {
                alarms.add(i + 1);
            }
        }
        return alarms;
    }

    private static Optional<ErrorCusum.Rise> observe(ErrorCusum detector, boolean surprise) {
        return detector.observe(surprise, ErrorCusum.RAREST);
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, .001, .005, .01, .02, .05, .1, .2, .3, .5, .9})
    void whereNothingChangesAlarmsAreNoMoreFrequentThanPromised(double share) {
        long examples = 5_000;

        int alarms =
                IntStream.range(0, STREAMS)
                        .map(
                                seed ->
                                        alarms(
                                                        fresh(RUN_LENGTH),
                                                        surprises(seed, (int) examples, i -> share))
                                                .size())
                        .sum();

        assertThat(alarms).isLessThanOrEqualTo((int) (STREAMS * examples / RUN_LENGTH));
    }

    @Test
    void aLongerRunWithoutAFalseAlarmIsFewerOfThem() {
        int often = 0;
        int seldom = 0;
        for (int seed = 0; seed < STREAMS; seed++) {
            boolean[] stream = surprises(seed, 5_000, i -> .1);
            often += alarms(fresh(100), stream).size();
            seldom += alarms(fresh(RUN_LENGTH), stream).size();
        }

        assertThat(often).isGreaterThan(10 * seldom);
    }

    @Test
    void aFallingShareIsNoRise() {
        for (int seed = 0; seed < STREAMS; seed++) {
            boolean[] stream = surprises(seed, 5_000, i -> .9 - .8 * i / 5_000);

            assertThat(alarms(fresh(RUN_LENGTH), stream)).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {30, 100, 300, 1_000})
    void anAdapterThatLearnsSlowlyRaisesNoneMeanwhile(int slowness) {
        for (int seed = 0; seed < STREAMS; seed++) {
            boolean[] stream =
                    surprises(seed, 3 * slowness, i -> .1 + .8 * Math.exp(-i / (double) slowness));

            assertThat(alarms(fresh(RUN_LENGTH), stream)).isEmpty();
        }
    }

    @ParameterizedTest(name = "from {0} to {1}")
    @CsvSource({
        "0, .5, 10",
        ".02, .5, 10",
        ".2, .9, 20",
        ".005, .1, 60",
        ".1, .3, 80",
        ".3, .6, 60",
        ".5, .8, 60",
        ".02, .1, 150"
    })
    void aJumpIsFoundSoonAndTheSoonerTheLargerItIs(double before, double after, int median) {
        List<Integer> delays = new ArrayList<>();
        for (Found found : jumps(before, after)) {
            delays.add(found.delay());
        }
        delays.sort(null);

        assertThat(delays).hasSizeGreaterThan(STREAMS * 9 / 10);
        assertThat(delays.get(delays.size() / 2)).isBetween(2, median);
    }

    @ParameterizedTest(name = "from {0} to {1}")
    @CsvSource({"0, .5, 2", ".02, .5, 3", ".2, .9, 3", ".5, .8, 10", ".1, .3, 12"})
    void itTellsWhenTheChangeBeganAndWhatTheSharesWere(double before, double after, int median) {
        List<Integer> errors = new ArrayList<>();
        for (Found found : jumps(before, after)) {
            errors.add(Math.abs(found.delay() - found.rise().length()));
            assertThat(found.rise().before()).isCloseTo(before, within(.1));
            assertThat(found.rise().since()).isGreaterThan(found.rise().before());
        }
        errors.sort(null);

        assertThat(errors.get(errors.size() / 2)).isLessThanOrEqualTo(median);
    }

    private record Found(int delay, ErrorCusum.Rise rise) {}

    /** What is found within 1,000 examples after a jump that 1,000 examples went before. */
    private static List<Found> jumps(double before, double after) {
        List<Found> found = new ArrayList<>();
        for (int seed = 0; seed < STREAMS; seed++) {
            ErrorCusum detector = fresh(RUN_LENGTH);
            boolean[] stream = surprises(seed, 2_000, i -> i < 1_000 ? before : after);
            for (int i = 0; i < stream.length; i++) {
                Optional<ErrorCusum.Rise> rise = observe(detector, stream[i]);
                if (i >= 1_000 && rise.isPresent()) {
                    found.add(new Found(i - 999, rise.get()));
                    break;
                }
            }
        }
        return found;
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 40, 70, 99})
    void itIsSilentInItsFirstExamplesAndAsLongAfterAnAlarm(int firstSurprise) {
        ErrorCusum detector = fresh(RUN_LENGTH);
        boolean[] stream = surprises(0, ErrorCusum.WARM_UP, i -> i < firstSurprise ? 0 : 1);

        assertThat(alarms(detector, stream)).isEmpty();

        boolean[] change = surprises(0, 400, i -> i < 300 ? 0 : 1);
        ErrorCusum alarmed = fresh(RUN_LENGTH);
        int alarm = alarms(alarmed, change).get(0);
        assertThat(alarm).isGreaterThan(300);
        ErrorCusum after = fresh(RUN_LENGTH);
        alarms(after, surprises(0, alarm, i -> i < 300 ? 0 : 1));
        assertThat(alarms(after, stream)).isEmpty();
    }

    @Property(tries = 100)
    void aStateGoesOnBitForBitWhereverItIsTaken(
            @ForAll long seed,
            @ForAll @IntRange(max = 600) int at,
            @ForAll @DoubleRange(max = .5) double before,
            @ForAll @DoubleRange(max = 1) double after) {
        boolean[] stream = surprises(seed, 600, i -> i < 300 ? before : after);
        ErrorCusum whole = fresh(100);
        ErrorCusum split = fresh(100);
        for (int i = 0; i < stream.length; i++) {
            if (i == at) {
                split = new ErrorCusum(split.state(), 100);
            }
            assertThat(observe(split, stream[i])).isEqualTo(observe(whole, stream[i]));
        }

        assertThat(split.state()).isEqualTo(whole.state());
    }

    @Test
    void aChangeIsNotUsualBeforeItIsFound() {
        ErrorCusum detector = fresh(Long.MAX_VALUE);
        alarms(detector, surprises(1, 500, i -> .1));
        CusumState before = detector.state();

        alarms(detector, surprises(2, 20, i -> 1));

        CusumState since = detector.state();
        assertThat(since.surprises() / since.weight())
                .isCloseTo(before.surprises() / before.weight(), within(.02));
    }

    @Test
    void whatItIsToldIsUsualItTakesForUsualAtOnce() {
        ErrorCusum detector = fresh(RUN_LENGTH);
        detector.expect(.02);

        assertThat(alarms(detector, surprises(3, 30, i -> .5))).isNotEmpty();

        detector.expect(.5);
        assertThat(alarms(detector, surprises(3, 30, i -> .5))).isEmpty();
    }

    @Test
    void aShareThatWasRarerThanTheLeastUsualOneMayRiseToIt() {
        ErrorCusum detector = fresh(RUN_LENGTH);
        boolean[] stream = surprises(4, 1_500, i -> i < 500 ? 0 : .1);

        for (boolean surprise : stream) {
            assertThat(detector.observe(surprise, .1)).isEmpty();
        }
    }
}
