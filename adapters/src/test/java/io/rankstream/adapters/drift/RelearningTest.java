package io.rankstream.adapters.drift;

import static org.assertj.core.api.Assertions.assertThat;

import io.rankstream.adapters.drift.detector.DetectorKind;
import io.rankstream.adapters.mixture.Mixture;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RelearningTest {

    private static final int CHANGE = 1_000;
    private static final DriftSettings ANSWER =
            new DriftSettings(DriftMode.ANSWER, DetectorKind.CUSUM, 10_000, false);
    private static final DriftSettings WATCH =
            new DriftSettings(DriftMode.WATCH, DetectorKind.CUSUM, 10_000, false);

    /** Right ones among the first {@code count} examples after a change, over ten streams. */
    private static int right(DriftSettings settings, int count, boolean announced) {
        int right = 0;
        for (int seed = 0; seed < 10; seed++) {
            DriftWatch watch = new DriftWatch(DriftState.after(0), settings);
            Mixture mixture = LinearStream.mixture();
            List<LinearStream.Example> stream =
                    LinearStream.exchanging(CHANGE + count, CHANGE, seed);
            for (int i = 0; i < stream.size(); i++) {
                if (announced && i == CHANGE) {
                    watch.expect(Optional.of(mixture));
                }
                boolean wasRight = LinearStream.learn(watch, mixture, stream.get(i)).right();
                right += i >= CHANGE && wasRight ? 1 : 0;
            }
        }
        return right;
    }

    @Test
    void labelsThatExchangeTheirMeaningAreLearnedSoonerWhereTheChangeIsAnswered() {
        assertThat(right(ANSWER, 50, false)).isGreaterThan(right(WATCH, 50, false) + 25);
        assertThat(right(ANSWER, 200, false)).isGreaterThan(right(WATCH, 200, false) + 25);
    }

    @Test
    void aChangeThatWasAnnouncedIsAnsweredWithoutAnAlarm() {
        assertThat(right(ANSWER, 50, true)).isGreaterThan(right(WATCH, 50, true) + 25);
    }

    @Test
    void itKeepsTheNewestOldestFirst() {
        Relearning relearning = new Relearning(RecentState.EMPTY);
        Mixture mixture = LinearStream.mixture();
        for (int i = 0; i < Relearning.NEWEST + 10; i++) {
            relearning.learned(mixture, new float[] {i, -i}, LinearStream.rows(), i % 3);
        }

        RecentState kept = relearning.state();

        assertThat(kept.rows()).hasSize(Relearning.NEWEST).startsWith(10 % 3, 11 % 3, 12 % 3);
        assertThat(kept.features()).isEqualTo(2);
        assertThat(kept.vectors()).startsWith(10, -10, 11, -11).endsWith(73, -73);
    }

    @Test
    void theAnswerEndsAfterAsManyExamples() {
        Relearning relearning = new Relearning(RecentState.EMPTY);
        Mixture answered = LinearStream.mixture();
        List<LinearStream.Example> stream = LinearStream.exchanging(200, 200, 5);
        relearning.expect(answered);
        for (LinearStream.Example example : stream.subList(0, Relearning.EXAMPLES)) {
            assertThat(relearning.state().left()).isPositive();
            relearned(relearning, answered, example);
        }
        var before = answered.state();

        relearned(relearning, answered, stream.get(Relearning.EXAMPLES));

        assertThat(relearning.state().left()).isZero();
        assertThat(answered.state()).isEqualTo(before);
    }

    private static void relearned(
            Relearning relearning, Mixture mixture, LinearStream.Example example) {
        relearning.learned(
                mixture, example.evidence().vector(), LinearStream.rows(), example.label());
    }

    @Test
    void ofWhatWasBeforeTheChangeNothingIsRelearned() {
        Relearning relearning = new Relearning(RecentState.EMPTY);
        Mixture mixture = LinearStream.mixture();
        LinearStream.exchanging(40, 40, 5).stream()
                .filter(example -> example.label() == 0)
                .forEach(example -> relearned(relearning, mixture, example));
        LinearStream.Example newest =
                LinearStream.exchanging(40, 40, 6).stream()
                        .filter(example -> example.label() == 1)
                        .findFirst()
                        .orElseThrow();
        relearned(relearning, mixture, newest);
        Mixture expected = new Mixture(mixture.state());

        relearning.begin(mixture, 1, LinearStream.rows());

        expected.quicken();
        for (int i = 0; i < 3; i++) {
            expected.relearn(newest.evidence().vector(), LinearStream.rows(), 1);
        }
        assertThat(mixture.state()).isEqualTo(expected.state());
    }

    @Test
    void aDismissedAlarmIsNotAnsweredAnyLonger() {
        DriftWatch watch = new DriftWatch(DriftState.after(0), ANSWER);
        Mixture mixture = LinearStream.mixture();
        for (LinearStream.Example example : LinearStream.exchanging(CHANGE + 60, CHANGE, 3)) {
            LinearStream.learn(watch, mixture, example);
        }
        assertThat(watch.state().recent().left()).isPositive();

        watch.dismiss();

        assertThat(watch.state().recent().left()).isZero();
    }

    @Test
    void labelsThatWereRetiredSinceAreLeftOut() {
        Relearning relearning = new Relearning(RecentState.EMPTY);
        Mixture mixture = LinearStream.mixture();
        int[] inUse = {0, 2};
        for (LinearStream.Example example : LinearStream.exchanging(60, 60, 7)) {
            relearned(relearning, mixture, example);
        }
        assertThat(relearning.state().rows()).contains(1);

        relearning.begin(mixture, 60, inUse);
        for (LinearStream.Example example : LinearStream.exchanging(60, 60, 8)) {
            if (example.label() != 1) {
                relearning.learned(mixture, example.evidence().vector(), inUse, example.label());
            }
        }

        float[] weight = mixture.state().onlineHead().weight();
        int width = LinearStream.FEATURES + 1;
        assertThat(Arrays.copyOfRange(weight, width, 2 * width)).containsOnly(0);
        assertThat(Arrays.copyOfRange(weight, 0, width)).doesNotContain(0);
    }
}
