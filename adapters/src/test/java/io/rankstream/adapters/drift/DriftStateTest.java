package io.rankstream.adapters.drift;

import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.rankstream.adapters.drift.AlarmLog.Verdict;
import io.rankstream.adapters.drift.detector.AdwinState;
import io.rankstream.adapters.drift.detector.DetectorKind;
import io.rankstream.adapters.drift.detector.DetectorState;
import java.util.Optional;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is damaged is refused as soon as it is read. */
class DriftStateTest {

    private static final DriftAlarm ALARM = new DriftAlarm(300, 290, .02, .8);

    /** Has seen more than a watch over 50 examples can have told it of. */
    private static final DetectorState SOON = new AdwinState(151, new int[0], new int[0]);

    private static Arguments damaged(String name, ThrowingCallable state) {
        return Arguments.of(Named.of(name, state));
    }

    @ParameterizedTest
    @MethodSource
    void newestExamplesThatCannotHaveBeenAreRefused(ThrowingCallable state) {
        assertThatIllegalArgumentException()
                .isThrownBy(state)
                .withMessageMatching(".*newest example.*");
    }

    static Stream<Arguments> newestExamplesThatCannotHaveBeenAreRefused() {
        float[] vectors = new float[6];
        int[] rows = {0, 4};
        return Stream.of(
                damaged("too many", () -> new RecentState(new float[65], new int[65], 0, 0, 0)),
                damaged("vectors cut", () -> new RecentState(new float[5], rows, 0, 0, 0)),
                damaged("no vectors", () -> new RecentState(new float[0], rows, 0, 0, 0)),
                damaged("no labels", () -> new RecentState(vectors, new int[0], 0, 0, 0)),
                damaged("row below 0", () -> new RecentState(vectors, new int[] {0, -1}, 0, 0, 0)),
                damaged("changed below 0", () -> new RecentState(vectors, rows, -1, 0, 0)),
                damaged("changed beyond them", () -> new RecentState(vectors, rows, 3, 0, 0)),
                damaged("left below 0", () -> new RecentState(vectors, rows, 0, -1, 0)),
                damaged("left too many", () -> new RecentState(vectors, rows, 0, 101, 0)),
                damaged("next below 0", () -> new RecentState(vectors, rows, 2, 9, -1)),
                damaged("next beyond them", () -> new RecentState(vectors, rows, 1, 9, 2)));
    }

    @ParameterizedTest
    @MethodSource
    void alarmsThatCannotHaveBeenAreRefused(ThrowingCallable state) {
        assertThatIllegalArgumentException()
                .isThrownBy(state)
                .withMessageContaining("alarms were dismissed");
    }

    static Stream<Arguments> alarmsThatCannotHaveBeenAreRefused() {
        Optional<DriftAlarm> last = Optional.of(ALARM);
        return Stream.of(
                damaged("below 0", () -> new AlarmLog(-1, 0, last, Verdict.OPEN)),
                damaged("no newest", () -> new AlarmLog(1, 0, Optional.empty(), Verdict.OPEN)),
                damaged("newest of none", () -> new AlarmLog(0, 0, last, Verdict.OPEN)),
                damaged(
                        "word on none",
                        () -> new AlarmLog(0, 0, Optional.empty(), Verdict.CONFIRMED)),
                damaged("dismissed none", () -> new AlarmLog(0, 1, Optional.empty(), Verdict.OPEN)),
                damaged("dismissed below 0", () -> new AlarmLog(1, -1, last, Verdict.OPEN)),
                damaged("dismissed too many", () -> new AlarmLog(1, 2, last, Verdict.DISMISSED)),
                damaged("dismissed uncounted", () -> new AlarmLog(1, 0, last, Verdict.DISMISSED)),
                damaged("all dismissed yet open", () -> new AlarmLog(1, 1, last, Verdict.OPEN)),
                damaged(
                        "all dismissed yet confirmed",
                        () -> new AlarmLog(2, 2, last, Verdict.CONFIRMED)));
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, 0, 301})
    void aChangeIsNotBeforeTheFirstExampleNorAfterItsAlarm(long beginning) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new DriftAlarm(300, beginning, .1, .5))
                .withMessageContaining("of example 300");
    }

    @ParameterizedTest
    @ValueSource(doubles = {-.1, 1.1, Double.NaN, Double.POSITIVE_INFINITY})
    void aShareIsOfOne(double share) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new DriftAlarm(300, 290, share, .5))
                .withMessageContaining("before is " + share);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new DriftAlarm(300, 290, .1, share))
                .withMessageContaining("since is " + share);
    }

    @Test
    void aWatchHasSeenWhatItKnowsOf() {
        AlarmLog alarms = AlarmLog.EMPTY.with(ALARM);

        assertRefused(-1, DetectorKind.CUSUM.empty(), 0, AlarmLog.EMPTY);
        assertRefused(299, DetectorKind.CUSUM.empty(), 0, alarms);
        assertRefused(50, SOON, 0, AlarmLog.EMPTY);
        assertRefused(50, DetectorKind.CUSUM.empty(), Double.POSITIVE_INFINITY, AlarmLog.EMPTY);
        assertRefused(50, DetectorKind.CUSUM.empty(), Double.NEGATIVE_INFINITY, AlarmLog.EMPTY);
    }

    private static void assertRefused(
            long examples, DetectorState detector, double lossQuantile, AlarmLog alarms) {
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () ->
                                new DriftState(
                                        examples,
                                        detector,
                                        lossQuantile,
                                        alarms,
                                        RecentState.EMPTY,
                                        Optional.empty()))
                .withMessageContaining("a watch over " + examples);
    }

    @Test
    void aRunWithoutAFalseAlarmIsOfAHundredExamplesAtLeast() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new DriftSettings(DriftMode.WATCH, DetectorKind.CUSUM, 99, false))
                .withMessageContaining("expected 100 or more");
    }
}
