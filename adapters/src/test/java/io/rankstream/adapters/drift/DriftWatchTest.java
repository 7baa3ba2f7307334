package io.rankstream.adapters.drift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.IntToDoubleFunction;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class DriftWatchTest {

    private static final double RUN_LENGTH = 10_000;

    private static DriftWatch watch(Watched watched) {
        return new DriftWatch(DriftState.empty(watched, BettingCusumState.EMPTY), RUN_LENGTH);
    }

    /** Errors of an adapter that errs at this rate at each example, counted from 0. */
    private static double[] errors(int examples, long seed, IntToDoubleFunction rate) {
        Random random = new Random(seed);
        double[] errors = new double[examples];
        for (int i = 0; i < examples; i++) {
            errors[i] = random.nextDouble() < rate.applyAsDouble(i) ? 1 : 0;
        }
        return errors;
    }

    private static double[] losses(int examples, long seed, IntToDoubleFunction scale) {
        Random random = new Random(seed);
        double[] losses = new double[examples];
        for (int i = 0; i < examples; i++) {
            losses[i] = scale.applyAsDouble(i) * StrictMath.pow(random.nextGaussian(), 2);
        }
        return losses;
    }

    private static List<DriftAlarm> observe(DriftWatch watch, double... values) {
        List<DriftAlarm> alarms = new ArrayList<>();
        for (double value : values) {
            watch.observe(value).ifPresent(alarms::add);
        }
        return alarms;
    }

    @ParameterizedTest
    @ValueSource(doubles = {.005, .01, .02, .05, .1, .2, .3, .5})
    void aLevelThatStaysIsAnAlarmLessOftenThanTheRunLengthPromises(double rate) {
        int alarms = 0;
        for (int seed = 0; seed < 200; seed++) {
            alarms += observe(watch(Watched.ERRORS), errors(5000, seed, i -> rate)).size();
        }

        assertThat(alarms).isLessThanOrEqualTo((int) (200 * 5000 / RUN_LENGTH));
    }

    @Test
    void anAdapterThatLearnsIsNoAlarm() {
        int alarms = 0;
        for (int seed = 0; seed < 200; seed++) {
            double[] errors = errors(5000, seed, i -> .1 + .8 * Math.exp(-i / 800.));
            alarms += observe(watch(Watched.ERRORS), errors).size();
        }

        assertThat(alarms).isLessThanOrEqualTo(10);
    }

    @ParameterizedTest
    @CsvSource({".5, .1", ".3, .05", ".9, .2", ".1, .01"})
    void fewerErrorsAreNoAlarm(double before, double since) {
        for (int seed = 0; seed < 50; seed++) {
            double[] errors = errors(1300, seed, i -> i < 1000 ? before : since);
            DriftWatch watch = watch(Watched.ERRORS);
            observe(watch, Arrays.copyOf(errors, 1000));

            assertThat(observe(watch, Arrays.copyOfRange(errors, 1000, 1300))).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource({".02, .5, 20", ".02, .2, 50", ".02, .1, 130", ".1, .5, 35", ".2, .9, 20"})
    void moreErrorsAreFoundSoonAndTheirBeginningIsToldWithin(
            double before, double since, int delay) {
        int change = 1000;
        List<Long> delays = new ArrayList<>();
        List<Long> begins = new ArrayList<>();
        for (int seed = 0; seed < 101; seed++) {
            double[] errors = errors(1600, seed, i -> i < change ? before : since);
            observe(watch(Watched.ERRORS), errors).stream()
                    .filter(alarm -> alarm.example() > change)
                    .findFirst()
                    .ifPresent(
                            alarm -> {
                                delays.add(alarm.example() - change);
                                begins.add(Math.abs(alarm.began() - change - 1));
                            });
        }

        assertThat(delays).hasSizeGreaterThan(95);
        assertThat(median(delays)).isLessThanOrEqualTo(delay);
        assertThat(median(begins)).isLessThanOrEqualTo(delay / 2);
    }

    private static long median(List<Long> values) {
        return values.stream().sorted().skip(values.size() / 2).findFirst().orElseThrow();
    }

    @Test
    void anAlarmSaysWhereTheChangeBeganAndWhatItChanged() {
        double[] errors = new double[400];
        for (int i = 0; i < errors.length; i++) {
            errors[i] = i >= 300 || i % 20 == 0 ? 1 : 0;
        }

        DriftAlarm alarm = observe(watch(Watched.ERRORS), errors).get(0);

        assertThat(alarm.example()).isBetween(301L, 310L);
        assertThat(alarm.began()).isEqualTo(301);
        assertThat(alarm.before()).isCloseTo(.05, within(.01));
        assertThat(alarm.since()).isEqualTo(1);
        assertThat(alarm.detector()).isEqualTo("betting");
    }

    @Test
    void theFirstHundredExamplesAndThoseAfterAnAlarmAreSilent() {
        DriftWatch watch = watch(Watched.ERRORS);
        double[] right = new double[100];
        double[] wrong = new double[101];
        Arrays.fill(wrong, 1);

        List<DriftAlarm> alarms = observe(watch, right);
        alarms.addAll(observe(watch, wrong));

        assertThat(alarms).hasSize(1);
        assertThat(watch.state().alarms()).isEqualTo(1);
        assertThat(watch.state().last()).contains(alarms.get(0));
    }

    @Test
    void whatWasAnnouncedIsNoAlarm() {
        DriftWatch watch = watch(Watched.ERRORS);
        observe(watch, new double[500]);
        double[] wrong = new double[300];
        Arrays.fill(wrong, 1);

        watch.expect();

        assertThat(observe(watch, wrong)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(doubles = {1e-9, 1e-3, 1, 1e9})
    void aLossIsHighByWhatTheOthersAreWhateverItsScale(double scale) {
        double[] one = losses(900, 1, i -> i < 700 ? 1 : 20);
        double[] scaled = Arrays.stream(one).map(loss -> loss * scale).toArray();

        List<DriftAlarm> alarms = observe(watch(Watched.LOSSES), scaled);

        assertThat(alarms).isNotEmpty().isEqualTo(observe(watch(Watched.LOSSES), one));
        assertThat(alarms.get(0).example()).isBetween(701L, 740L);
    }

    @Test
    void lossesAndConfidencesThatStayAreAnAlarmLessOftenThanPromised() {
        int alarms = 0;
        for (int seed = 0; seed < 100; seed++) {
            double[] losses = losses(5000, seed, i -> 1);
            double[] confidences = Arrays.stream(losses).map(loss -> 1 / (1 + loss)).toArray();
            alarms += observe(watch(Watched.LOSSES), losses).size();
            alarms += observe(watch(Watched.CONFIDENCES), confidences).size();
        }

        assertThat(alarms).isLessThanOrEqualTo((int) (2 * 100 * 5000 / RUN_LENGTH));
    }

    @Test
    void lessConfidenceIsFound() {
        Random random = new Random(3);
        double[] confidences = new double[700];
        for (int i = 0; i < confidences.length; i++) {
            confidences[i] = random.nextDouble() * .2 + (i < 600 ? .8 : .5);
        }

        assertThat(observe(watch(Watched.CONFIDENCES), confidences).get(0).example())
                .isBetween(601L, 620L);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void lossesThatRepeatAreNoAlarm(int period) {
        double[] losses = new double[5000];
        for (int i = 0; i < losses.length; i++) {
            losses[i] = 1 + i % period;
        }

        assertThat(observe(watch(Watched.LOSSES), losses)).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void whatIsNoSuchValueIsRefusedAndChangesNothing(Watched watched) {
        DriftWatch watch = watch(watched);
        observe(watch, 0, 1, .5);
        DriftState before = watch.state();

        for (double value :
                new double[] {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> watch.observe(value))
                    .withMessageContaining(String.valueOf(value));
        }

        assertThat(watch.state()).isEqualTo(before);
    }

    @Property(tries = 60)
    void aRestoredWatchGoesOnBitForBit(
            @ForAll Watched watched,
            @ForAll @IntRange(max = 1400) int split,
            @ForAll @IntRange(max = 1000) int seed) {
        double[] values =
                watched == Watched.LOSSES
                        ? losses(1400, seed, i -> i % 500 < 300 ? 1 : 30)
                        : errors(1400, seed, i -> i % 500 < 300 ? .1 : .7);
        DriftWatch whole = watch(watched);
        DriftWatch first = watch(watched);

        List<DriftAlarm> alarms = observe(first, Arrays.copyOf(values, split));
        DriftWatch second = new DriftWatch(first.state(), RUN_LENGTH);
        alarms.addAll(observe(second, Arrays.copyOfRange(values, split, values.length)));

        assertThat(alarms).isEqualTo(observe(whole, values));
        assertThat(second.state()).isEqualTo(whole.state()).hasSameHashCodeAs(whole.state());
    }

    @Test
    void damageIsTold() {
        RecentState one = new RecentState(new double[] {1});
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new RecentState(new double[] {Double.NaN}));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new RecentState(new double[RecentState.MOST + 1]));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Bet(Double.POSITIVE_INFINITY, 1, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> new Bet(1, 1, 2));
        assertThatIllegalArgumentException().isThrownBy(() -> new Bet(1, -1, 0));
        List<Bet> bets = BettingCusumState.EMPTY.bets();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new BettingCusumState(0, Double.NaN, 1, new double[0], bets));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new BettingCusumState(0, 2, 3, new double[0], bets));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new BettingCusumState(1, 2, 1, new double[0], bets));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new BettingCusumState(1, 2, 1, new double[] {2}, bets));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new BettingCusumState(0, 2, 1, new double[0], List.of()));
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () ->
                                new DriftState(
                                        Watched.ERRORS,
                                        1,
                                        one,
                                        BettingCusumState.EMPTY,
                                        0,
                                        Optional.empty()));
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () ->
                                new DriftState(
                                        Watched.LOSSES,
                                        1,
                                        one,
                                        BettingCusumState.EMPTY,
                                        1,
                                        Optional.empty()));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new DriftAlarm(1, 2, 0, 1, "betting"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new DriftAlarm(2, 1, Double.NaN, 1, "betting"));
    }

    @ParameterizedTest
    @ValueSource(doubles = {Double.NaN, 1, 0, -5, Double.POSITIVE_INFINITY})
    void aRunLengthThatIsNoneIsRefused(double runLength) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> BettingCusumState.EMPTY.restore(runLength))
                .withMessageContaining("run length");
    }
}
