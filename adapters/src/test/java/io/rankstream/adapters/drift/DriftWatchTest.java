package io.rankstream.adapters.drift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;

import io.rankstream.adapters.drift.AlarmLog.Verdict;
import io.rankstream.adapters.drift.detector.DetectorKind;
import io.rankstream.adapters.mixture.Mixture;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class DriftWatchTest {

    private static final long RUN_LENGTH = 10_000;

    private static DriftWatch watch(DriftMode mode) {
        return watch(mode, DetectorKind.CUSUM);
    }

    private static DriftWatch watch(DriftMode mode, DetectorKind detector) {
        DriftSettings settings = new DriftSettings(mode, detector, RUN_LENGTH, false);
        return new DriftWatch(DriftState.after(0).under(settings), settings);
    }

    /** One wrong prediction in ten, as often as is said. */
    private static void usual(DriftWatch watch, int examples) {
        for (int i = 0; i < examples; i++) {
            assertThat(watch.predicted(i % 10 != 0)).isEmpty();
        }
    }

    /** Wrong predictions until there is an alarm. */
    private static DriftAlarm untilAlarm(DriftWatch watch) {
        for (int i = 0; i < 50; i++) {
            Optional<DriftAlarm> alarm = watch.predicted(false);
            if (alarm.isPresent()) {
                return alarm.get();
            }
        }
        throw new AssertionError("50 wrong predictions raised no alarm");
    }

    @Test
    void anAlarmTellsWhatItWasNoticedBy() {
        DriftWatch watch = watch(DriftMode.WATCH);
        usual(watch, 300);

        DriftAlarm alarm = untilAlarm(watch);

        assertThat(alarm.example()).isEqualTo(watch.state().examples()).isBetween(302L, 320L);
        assertThat(alarm.beginning()).isEqualTo(301);
        assertThat(alarm.before()).isCloseTo(.1, within(.02));
        assertThat(alarm.since()).isEqualTo(1);
    }

    @Test
    void alarmsAreCountedAndTheNewestIsOpen() {
        DriftWatch watch = watch(DriftMode.WATCH);
        usual(watch, 300);
        DriftAlarm first = untilAlarm(watch);

        assertThat(watch.alarms()).isEqualTo(new AlarmLog(1, 0, Optional.of(first), Verdict.OPEN));

        usual(watch, 300);
        DriftAlarm second = untilAlarm(watch);

        assertThat(watch.alarms()).isEqualTo(new AlarmLog(2, 0, Optional.of(second), Verdict.OPEN));
        assertThat(second.beginning()).isEqualTo(first.example() + 301);
    }

    @Test
    void aConfirmedAlarmIsToldAndTheNextOneIsOpen() {
        DriftWatch watch = watch(DriftMode.WATCH);
        usual(watch, 300);
        DriftAlarm alarm = untilAlarm(watch);

        watch.confirm();

        assertThat(watch.alarms())
                .isEqualTo(new AlarmLog(1, 0, Optional.of(alarm), Verdict.CONFIRMED));
        assertThat(watch.alarms().isOpen()).isFalse();
        usual(watch, 300);
        untilAlarm(watch);
        assertThat(watch.alarms().isOpen()).isTrue();
    }

    @Test
    void afterADismissedAlarmWhatWasUsualBeforeItIsUsualAtOnce() {
        DriftWatch watch = watch(DriftMode.WATCH);
        usual(watch, 300);
        DriftAlarm alarm = untilAlarm(watch);

        watch.dismiss();

        assertThat(watch.alarms())
                .isEqualTo(new AlarmLog(1, 1, Optional.of(alarm), Verdict.DISMISSED));
        assertThat(watch.state().standing().usualShare()).isCloseTo(alarm.before(), within(1e-12));
        usual(watch, 20);
        assertThat(untilAlarm(watch).example()).isLessThan(alarm.example() + 40);
        assertThat(watch.alarms().raised()).isEqualTo(2);
    }

    @Test
    void nothingIsSaidOfAnAlarmTwiceNorOfNone() {
        DriftWatch watch = watch(DriftMode.WATCH);
        assertNothingCanBeSaid(watch);
        usual(watch, 300);
        assertNothingCanBeSaid(watch);

        untilAlarm(watch);
        watch.confirm();
        assertNothingCanBeSaid(watch);

        usual(watch, 300);
        untilAlarm(watch);
        watch.dismiss();
        assertNothingCanBeSaid(watch);
    }

    private static void assertNothingCanBeSaid(DriftWatch watch) {
        DriftState before = watch.state();
        assertThatIllegalStateException()
                .isThrownBy(watch::confirm)
                .withMessageContaining("no alarm is open");
        assertThatIllegalStateException()
                .isThrownBy(watch::dismiss)
                .withMessageContaining("no alarm is open");
        assertThat(watch.state()).isEqualTo(before);
    }

    @Test
    void anExpectedChangeRaisesNoAlarmAndTheNextOneDoes() {
        DriftWatch watch = watch(DriftMode.WATCH);
        usual(watch, 300);

        watch.expect(Optional.empty());

        Random random = new Random(1);
        for (int i = 0; i < 400; i++) {
            assertThat(watch.predicted(random.nextBoolean())).isEmpty();
        }
        assertThat(untilAlarm(watch).before()).isCloseTo(.5, within(.1));
    }

    @Test
    void anotherDetectorBeginsAnewAndKnowsOfTheAlarmsSoFar() {
        DriftWatch watch = watch(DriftMode.WATCH);
        usual(watch, 300);
        untilAlarm(watch);
        usual(watch, 200);
        DriftSettings other =
                new DriftSettings(DriftMode.WATCH, DetectorKind.ADWIN, RUN_LENGTH, false);

        DriftState state = watch.state().under(other);

        assertThat(state.detector()).isEqualTo(DetectorKind.ADWIN.empty());
        assertThat(state.alarms()).isEqualTo(watch.alarms());
        assertThat(state.under(other)).isEqualTo(state);
        DriftWatch next = new DriftWatch(state, other);
        usual(next, 300);
        assertThat(untilAlarm(next).example()).isEqualTo(next.state().examples());
        assertThat(next.alarms().raised()).isEqualTo(2);
    }

    @Test
    void whereNobodyLooksNothingIsKnown() {
        DriftWatch watch = watch(DriftMode.OFF);
        Mixture mixture = LinearStream.mixture();
        for (LinearStream.Example example : LinearStream.exchanging(400, 300, 1)) {
            assertThat(LinearStream.learn(watch, mixture, example).alarm()).isEmpty();
        }
        for (int i = 0; i < 300; i++) {
            assertThat(watch.predicted(i < 200 ? 1. : 100.)).isEmpty();
        }

        assertThat(watch.state()).isEqualTo(DriftState.after(0));
    }

    @ParameterizedTest
    @EnumSource(
            value = DriftMode.class,
            names = {"OFF", "WATCH"})
    void aChangeThatIsNotAnsweredLeavesTheMixtureAsItIs(DriftMode mode) {
        DriftWatch watch = watch(mode);
        Mixture watched = LinearStream.mixture();
        Mixture alone = LinearStream.mixture();
        DriftWatch nobody = watch(DriftMode.OFF);
        long alarms = 0;
        for (LinearStream.Example example : LinearStream.exchanging(600, 400, 1)) {
            alarms += LinearStream.learn(watch, watched, example).alarm().stream().count();
            LinearStream.learn(nobody, alone, example);
        }
        watch.expect(Optional.of(watched));

        assertThat(alarms).isEqualTo(mode == DriftMode.OFF ? 0 : 1);
        assertThat(watched.state()).isEqualTo(alone.state());
        assertThat(watch.state().recent()).isEqualTo(RecentState.EMPTY);
    }

    @Property(tries = 60)
    void aStateGoesOnBitForBitWhereverItIsTaken(
            @ForAll @IntRange(max = 500) int at,
            @ForAll @IntRange(min = 1, max = 20) int seed,
            @ForAll DetectorKind detector,
            @ForAll DriftMode mode) {
        DriftSettings settings = new DriftSettings(mode, detector, RUN_LENGTH, false);
        DriftWatch whole = watch(mode, detector);
        DriftWatch split = watch(mode, detector);
        Mixture wholeMixture = LinearStream.mixture();
        Mixture splitMixture = LinearStream.mixture();
        List<LinearStream.Example> stream = LinearStream.exchanging(500, 300, seed);
        for (int i = 0; i < stream.size(); i++) {
            if (i == at) {
                split = new DriftWatch(split.state(), settings);
                splitMixture = new Mixture(splitMixture.state());
            }
            assertThat(LinearStream.learn(split, splitMixture, stream.get(i)))
                    .isEqualTo(LinearStream.learn(whole, wholeMixture, stream.get(i)));
        }

        assertThat(split.state()).isEqualTo(whole.state());
        assertThat(splitMixture.state()).isEqualTo(wholeMixture.state());
    }

    @Property(tries = 60)
    void ofLossesTooItDoes(
            @ForAll @IntRange(max = 500) int at, @ForAll DetectorKind detector, @ForAll long seed) {
        Random random = new Random(seed);
        DriftSettings settings = new DriftSettings(DriftMode.WATCH, detector, RUN_LENGTH, false);
        DriftWatch whole = watch(DriftMode.WATCH, detector);
        DriftWatch split = watch(DriftMode.WATCH, detector);
        for (int i = 0; i < 500; i++) {
            if (i == at) {
                split = new DriftWatch(split.state(), settings);
            }
            double loss = random.nextDouble() * (i < 300 ? 1 : 100);
            assertThat(split.predicted(loss)).isEqualTo(whole.predicted(loss));
        }

        assertThat(whole.alarms().raised()).isPositive();
        assertThat(split.state()).isEqualTo(whole.state());
    }

    @ParameterizedTest
    @CsvSource({
        "CUSUM, 1e-6, 10", "CUSUM, 1, 10", "CUSUM, 1e6, 10", "CUSUM, 1, 1000",
        "ADWIN, 1e-6, 10", "ADWIN, 1, 10", "ADWIN, 1e6, 10", "ADWIN, 1, 1000"
    })
    void largerLossesAreAnAlarm(DetectorKind detector, double scale, double factor) {
        Random random = new Random(3);
        DriftWatch watch = watch(DriftMode.WATCH, detector);
        for (int i = 0; i < 1_000; i++) {
            assertThat(watch.predicted(scale * squared(random))).isEmpty();
        }

        for (int i = 0; i < 60; i++) {
            watch.predicted(factor * scale * squared(random));
        }

        assertThat(watch.alarms().raised()).isEqualTo(1);
        assertThat(watch.alarms().last().orElseThrow().beginning()).isBetween(980L, 1_020L);
    }

    private static double squared(Random random) {
        double error = random.nextGaussian();
        return error * error;
    }

    /** A fast fall leaves no large losses for a while: that they come back is no change. */
    @ParameterizedTest
    @CsvSource({"3, 30", "50, 30", "50, 100", "3000, 30", "3000, 100", "3000, 1000"})
    void lossesThatFallByLearningAndThenStayAreNone(double first, double slowness) {
        for (int seed = 0; seed < 20; seed++) {
            Random random = new Random(seed / 2);
            DriftWatch watch =
                    watch(DriftMode.WATCH, seed % 2 == 0 ? DetectorKind.CUSUM : DetectorKind.ADWIN);
            for (int i = 0; i < 3_000; i++) {
                double level = 1 + first * Math.exp(-i / slowness);
                watch.predicted(level * Math.exp(.3 * random.nextGaussian()));
            }

            assertThat(watch.alarms()).isEqualTo(AlarmLog.EMPTY);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"equal", "none", "in turn", "often none", "heavy-tailed"})
    void whereLossesDoNotChangeAlarmsAreNoMoreFrequentThanPromised(String losses) {
        long examples = 2_000;
        long streams = 100;
        long alarms = 0;
        for (int seed = 0; seed < streams; seed++) {
            Random random = new Random(seed / 2);
            DriftWatch watch =
                    watch(DriftMode.WATCH, seed % 2 == 0 ? DetectorKind.CUSUM : DetectorKind.ADWIN);
            for (int i = 0; i < examples; i++) {
                double squared = squared(random);
                watch.predicted(
                        switch (losses) {
                            case "equal" -> .7;
                            case "none" -> 0;
                            case "in turn" -> i % 2 == 0 ? 1e-9 : 1e9;
                            case "often none" -> random.nextBoolean() ? 0 : squared;
                            default -> squared / squared(random);
                        });
            }
            alarms += watch.alarms().raised();
        }

        assertThat(alarms).isLessThanOrEqualTo(streams * examples / RUN_LENGTH);
    }
}
