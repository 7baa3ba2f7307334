package io.rankstream.adapters.drift.input;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.rankstream.adapters.drift.detector.CusumState;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InputWatchTest {

    private static final long RUN_LENGTH = 10_000;
    private static final int FEATURES = 8;

    private static InputWatch fresh() {
        return new InputWatch(InputState.empty(), RUN_LENGTH);
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

    @Test
    void whereNothingChangesAlarmsAreNoMoreFrequentThanPromised() {
        long inputs = 2_000;
        int alarms = 0;
        for (int seed = 0; seed < 50; seed++) {
            alarms += watch(fresh(), new Random(seed), (int) inputs, 4, 0).size();
        }

        assertThat((long) alarms).isLessThanOrEqualTo(2 * 50 * inputs / RUN_LENGTH);
    }

    @Test
    void lessCertaintyIsNoticedSoon() {
        Random random = new Random(1);
        InputWatch watch = fresh();
        assertThat(watch(watch, random, 1_000, 9, 0)).isEmpty();

        List<InputAlarm> alarms = watch(watch, random, 25, .5, 0);

        assertThat(alarms).extracting(InputAlarm::signal).containsExactly(InputSignal.CONFIDENCE);
        assertThat(alarms.get(0).beginning()).isBetween(980L, 1_010L);
        assertThat(alarms.get(0).before()).isBetween(.05, .15);
        assertThat(alarms.get(0).since()).isGreaterThan(.4);
    }

    @Test
    void moreCertaintyIsNoChangeForTheWorse() {
        Random random = new Random(2);
        InputWatch watch = fresh();

        List<InputAlarm> alarms = watch(watch, random, 1_000, .5, 0);
        alarms.addAll(watch(watch, random, 300, 9, 0));

        assertThat(alarms).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"2, 30", "1, 60"})
    void vectorsThatLieElsewhereAreNoticedHoweverSureItIs(double distance, int soon) {
        Random random = new Random(3);
        InputWatch watch = fresh();
        assertThat(watch(watch, random, 1_000, 4, 0)).isEmpty();

        List<InputAlarm> alarms = watch(watch, random, soon, 4, distance);

        assertThat(alarms).extracting(InputAlarm::signal).containsExactly(InputSignal.EMBEDDING);
        assertThat(alarms.get(0).beginning()).isBetween(950L, 1_030L);
    }

    @Test
    void everyOneOfSeveralChangesIsNoticed() {
        Random random = new Random(4);
        InputWatch watch = fresh();
        List<InputAlarm> alarms = new ArrayList<>();
        for (int change = 0; change < 6; change++) {
            alarms.addAll(watch(watch, random, 500, 4, 3 * change));
        }

        assertThat(alarms.stream().filter(alarm -> alarm.signal() == InputSignal.EMBEDDING))
                .hasSize(5);
    }

    @Test
    void whatIsAnnouncedIsNoAlarm() {
        Random random = new Random(5);
        InputWatch watch = fresh();
        List<InputAlarm> alarms = watch(watch, random, 1_000, 9, 0);

        watch.expect();
        alarms.addAll(watch(watch, random, 100, .5, 3));

        assertThat(alarms).isEmpty();
    }

    @Test
    void whatHasNoProbabilityIsWatchedByItsVectorsAlone() {
        Random random = new Random(6);
        InputWatch watch = fresh();
        List<InputAlarm> alarms = new ArrayList<>();
        for (int i = 0; i < 1_100; i++) {
            alarms.addAll(watch.saw(Double.NaN, vector(random, i < 1_000 ? 0 : 2)));
        }

        assertThat(alarms).extracting(InputAlarm::signal).contains(InputSignal.EMBEDDING);
        assertThat(watch.state().confidence()).isEqualTo(CusumState.empty());
        assertThat(watch.state().doubt()).isNaN();
    }

    @Property(tries = 60)
    void aStateGoesOnBitForBitWhereverItIsTaken(
            @ForAll long seed, @ForAll @IntRange(max = 600) int at) {
        Random random = new Random(seed);
        InputWatch whole = fresh();
        InputWatch split = fresh();
        for (int i = 0; i < 600; i++) {
            if (i == at) {
                split = new InputWatch(split.state(), RUN_LENGTH);
            }
            double probability = probability(random, i < 300 ? 9 : .5);
            float[] vector = vector(random, i < 400 ? 0 : 2);
            assertThat(split.saw(probability, vector)).isEqualTo(whole.saw(probability, vector));
        }

        assertThat(split.state()).isEqualTo(whole.state());
    }

    @Test
    void whatWasGivenOutIsNotChangedByWhatComes() {
        InputWatch watch = fresh();
        watch.saw(.5, new float[] {1, 2});
        InputState state = watch.state();
        float[] newest = state.newest().clone();

        watch.saw(.5, new float[] {3, 4});

        assertThat(state.newest()).isEqualTo(newest);
    }

    @Test
    void whatCannotHaveBeenIsRefused() {
        assertRefused(-1, 0, 1, 2);
        assertRefused(1, Double.NEGATIVE_INFINITY, 1, 2);
        assertRefused(1, 0, 0, 2);
        assertRefused(1, 0, 1, 0);
        assertRefused(1, 0, -1, 2);
    }

    private static void assertRefused(long inputs, double doubt, long vectors, int features) {
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () ->
                                new InputState(
                                        inputs,
                                        doubt,
                                        CusumState.empty(),
                                        vectors,
                                        new float[features],
                                        new float[features],
                                        CusumState.empty()))
                .withMessageContaining("a watch over " + inputs + " inputs");
    }
}
