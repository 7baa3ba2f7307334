package io.rankstream.adapters.drift.input;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.rankstream.adapters.drift.detector.DetectorKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class InputWatchTest {

    private static final long RUN_LENGTH = 10_000;
    private static final int FEATURES = 8;

    private static InputWatch fresh(DetectorKind detector) {
        return new InputWatch(InputState.empty(detector), RUN_LENGTH);
    }

    /** A vector about the point that has {@code at} everywhere. */
    private static float[] vector(Random random, double at) {
        float[] vector = new float[FEATURES];
        for (int i = 0; i < FEATURES; i++) {
            vector[i] = (float) (at + random.nextGaussian());
        }
        return vector;
    }

    /** More often low where it is less sure. */
    private static double probability(Random random, double sureness) {
        return .2 + .8 * Math.pow(random.nextDouble(), 1 / sureness);
    }

    private static List<InputAlarm> watch(
            InputWatch watch, Random random, int inputs, double sureness, double at) {
        List<InputAlarm> alarms = new ArrayList<>();
        for (int i = 0; i < inputs; i++) {
            alarms.addAll(watch.saw(probability(random, sureness), vector(random, at)));
        }
        return alarms;
    }

    @ParameterizedTest
    @EnumSource
    void whereNothingChangesAlarmsAreNoMoreFrequentThanPromised(DetectorKind detector) {
        long inputs = 2_000;
        int alarms = 0;
        for (int seed = 0; seed < 50; seed++) {
            alarms += watch(fresh(detector), new Random(seed), (int) inputs, 4, 0).size();
        }

        assertThat((long) alarms).isLessThanOrEqualTo(2 * 50 * inputs / RUN_LENGTH);
    }

    @ParameterizedTest
    @CsvSource({"CUSUM, 25", "ADWIN, 60"})
    void lessCertaintyIsNoticedSoon(DetectorKind detector, int soon) {
        Random random = new Random(1);
        InputWatch watch = fresh(detector);
        assertThat(watch(watch, random, 1_000, 9, 0)).isEmpty();

        List<InputAlarm> alarms = watch(watch, random, soon, .5, 0);

        assertThat(alarms).extracting(InputAlarm::signal).containsExactly(InputSignal.CONFIDENCE);
        assertThat(alarms.get(0).beginning()).isBetween(980L, 1_010L);
        assertThat(alarms.get(0).before()).isBetween(.05, .15);
        assertThat(alarms.get(0).since()).isGreaterThan(.4);
    }

    @ParameterizedTest
    @EnumSource
    void moreCertaintyIsNoChangeForTheWorse(DetectorKind detector) {
        Random random = new Random(2);
        InputWatch watch = fresh(detector);

        List<InputAlarm> alarms = watch(watch, random, 1_000, .5, 0);
        alarms.addAll(watch(watch, random, 300, 9, 0));

        assertThat(alarms).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"CUSUM, 2, 30", "ADWIN, 2, 60", "CUSUM, 1, 60", "ADWIN, 1, 90"})
    void vectorsThatLieElsewhereAreNoticedHoweverSureItIs(
            DetectorKind detector, double distance, int soon) {
        Random random = new Random(3);
        InputWatch watch = fresh(detector);
        assertThat(watch(watch, random, 1_000, 4, 0)).isEmpty();

        List<InputAlarm> alarms = watch(watch, random, soon, 4, distance);

        assertThat(alarms).extracting(InputAlarm::signal).containsExactly(InputSignal.EMBEDDING);
        assertThat(alarms.get(0).beginning()).isBetween(950L, 1_030L);
    }

    @ParameterizedTest
    @EnumSource
    void everyOneOfSeveralChangesIsNoticed(DetectorKind detector) {
        Random random = new Random(4);
        InputWatch watch = fresh(detector);
        List<InputAlarm> alarms = new ArrayList<>();
        for (int change = 0; change < 6; change++) {
            alarms.addAll(watch(watch, random, 500, 4, 3 * change));
        }

        assertThat(alarms.stream().filter(alarm -> alarm.signal() == InputSignal.EMBEDDING))
                .hasSize(5);
    }

    @ParameterizedTest
    @EnumSource
    void whatIsAnnouncedIsNoAlarm(DetectorKind detector) {
        Random random = new Random(5);
        InputWatch watch = fresh(detector);
        List<InputAlarm> alarms = watch(watch, random, 1_000, 9, 0);

        watch.expect();
        alarms.addAll(watch(watch, random, 100, .5, 3));

        assertThat(alarms).isEmpty();
    }

    @Test
    void whatHasNoProbabilityIsWatchedByItsVectorsAlone() {
        Random random = new Random(6);
        InputWatch watch = fresh(DetectorKind.CUSUM);
        List<InputAlarm> alarms = new ArrayList<>();
        for (int i = 0; i < 1_100; i++) {
            alarms.addAll(watch.saw(Double.NaN, vector(random, i < 1_000 ? 0 : 2)));
        }

        assertThat(alarms).extracting(InputAlarm::signal).contains(InputSignal.EMBEDDING);
        assertThat(watch.state().confidence()).isEqualTo(DetectorKind.CUSUM.empty());
        assertThat(watch.state().doubt()).isNaN();
    }

    @Property(tries = 60)
    void aStateGoesOnBitForBitWhereverItIsTaken(
            @ForAll DetectorKind detector, @ForAll long seed, @ForAll @IntRange(max = 600) int at) {
        Random random = new Random(seed);
        InputWatch whole = fresh(detector);
        InputWatch split = fresh(detector);
        for (int i = 0; i < 600; i++) {
            if (i == at) {
                split = new InputWatch(split.state(), RUN_LENGTH);
            }
            double probability = probability(random, i < 300 ? 9 : .5);
            float[] vector = vector(random, i < 400 ? 0 : 2);
            assertThat(split.saw(probability, vector)).isEqualTo(whole.saw(probability, vector));
        }

        assertThat(split.state()).isEqualTo(whole.state());
        assertThat(whole.state().by(detector)).isEqualTo(whole.state());
    }

    @Test
    void whatWasGivenOutIsNotChangedByWhatComes() {
        InputWatch watch = fresh(DetectorKind.CUSUM);
        watch.saw(.5, new float[] {1, 2});
        InputState state = watch.state();
        float[] newest = state.newest().clone();

        watch.saw(.5, new float[] {3, 4});

        assertThat(state.newest()).isEqualTo(newest);
    }

    @Test
    void anotherDetectorBeginsAnew() {
        InputWatch watch = fresh(DetectorKind.CUSUM);
        watch(watch, new Random(7), 300, 4, 0);

        InputState other = watch.state().by(DetectorKind.ADWIN);

        assertThat(other.confidence()).isEqualTo(DetectorKind.ADWIN.empty());
        assertThat(other.embedding()).isEqualTo(DetectorKind.ADWIN.empty());
        assertThat(other.newest()).isEqualTo(watch.state().newest());
        assertThat(other.inputs()).isEqualTo(300);
    }

    @Test
    void whatCannotHaveBeenIsRefused() {
        assertRefused(-1, 0, 1, 2, DetectorKind.CUSUM);
        assertRefused(1, Double.NEGATIVE_INFINITY, 1, 2, DetectorKind.CUSUM);
        assertRefused(1, 0, 0, 2, DetectorKind.CUSUM);
        assertRefused(1, 0, 1, 0, DetectorKind.CUSUM);
        assertRefused(1, 0, -1, 2, DetectorKind.CUSUM);
        assertRefused(1, 0, 1, 2, DetectorKind.ADWIN);
    }

    private static void assertRefused(
            long inputs, double doubt, long vectors, int features, DetectorKind other) {
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () ->
                                new InputState(
                                        inputs,
                                        doubt,
                                        DetectorKind.CUSUM.empty(),
                                        vectors,
                                        new float[features],
                                        new float[features],
                                        other.empty()))
                .withMessageContaining("a watch over " + inputs + " inputs");
    }
}
