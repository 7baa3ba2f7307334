package io.rankstream.ops.standing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.rankstream.schemas.TrainingReport;
import java.time.Instant;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class LearningCurveTest {

    private static final int MOST = 240;
    private static final Instant START = Instant.parse("2026-05-04T10:00:00Z");

    @Test
    void aFewStepsAreThereOneByOne() {
        LearningCurve curve = curve(1, 3);

        assertThat(curve.length()).isEqualTo(1);
        assertThat(curve.stretches()).extracting(Stretch::step).containsExactly(1L, 2L, 3L);
        assertThat(curve.stretches()).extracting(Stretch::loss).containsExactly(1.0, 2.0, 3.0);
    }

    @Property(tries = 200)
    void howeverLongTheRunItStaysSmallAndEndsWithTheNewestStep(
            @ForAll @LongRange(min = 1, max = 1_000_000_000) long first,
            @ForAll @IntRange(min = 1, max = 20_000) int steps) {
        LearningCurve curve = curve(first, steps);
        List<Stretch> stretches = curve.stretches();

        assertThat(stretches).hasSizeBetween(1, MOST);
        assertThat(stretches.get(stretches.size() - 1).step()).isEqualTo(first + steps - 1);
        assertThat(stretches.stream().mapToLong(Stretch::examples).sum()).isEqualTo(4L * steps);
        assertThat(stretches)
                .isSortedAccordingTo((one, other) -> Long.compare(one.step(), other.step()));
        if (steps >= MOST) {
            assertThat(stretches).hasSizeGreaterThanOrEqualTo(MOST / 2);
        }
    }

    @Property(tries = 200)
    void theLossOfAStretchIsTheMeanOfItsExamples(
            @ForAll @IntRange(min = 1, max = 5_000) int steps) {
        LearningCurve curve = curve(1, steps);

        double sum =
                curve.stretches().stream()
                        .mapToDouble(stretch -> stretch.loss() * stretch.examples())
                        .sum();

        assertThat(sum / (4.0 * steps)).isCloseTo((steps + 1) / 2.0, within(1e-6 * steps));
    }

    /** A job that fails goes on from its last checkpoint, bit for bit. */
    @Property(tries = 200)
    void stepsThatAreTakenAgainReplaceWhatWasLost(
            @ForAll @IntRange(min = 2, max = 2_000) int steps,
            @ForAll @IntRange(min = 1, max = 2_000) int back) {
        LearningCurve curve = curve(1, steps);
        long again = Math.max(1, steps - back);

        assertThat(curve.add(report(again), START, 9_999)).isTrue();
        for (long step = again + 1; step <= steps; step++) {
            assertThat(curve.add(report(step), START, 9_999)).isFalse();
        }

        List<Stretch> stretches = curve.stretches();
        assertThat(stretches.get(stretches.size() - 1).step()).isEqualTo(steps);
        assertThat(stretches.stream().map(Stretch::step).distinct().count())
                .isEqualTo(stretches.size());
        assertThat(curve.rewritten()).isEqualTo(9_999);
    }

    @Test
    void ranksThatDoNotChangeTakeNoRoom() {
        LearningCurve curve = curve(1, 3);

        assertThat(curve.stretches().get(2).liveRanks())
                .isSameAs(curve.stretches().get(0).liveRanks());
    }

    private static LearningCurve curve(long first, int steps) {
        LearningCurve curve = new LearningCurve(MOST);
        for (long step = first; step < first + steps; step++) {
            curve.add(report(step), START.plusSeconds(step - first), step - first + 1);
        }
        return curve;
    }

    private static TrainingReport report(long step) {
        return StepReports.of("acme", step, 4 * step, (float) step, 12, 12);
    }
}
