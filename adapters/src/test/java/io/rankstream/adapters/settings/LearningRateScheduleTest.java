package io.rankstream.adapters.settings;

import static org.assertj.core.api.Assertions.assertThat;

import io.rankstream.adapters.adalora.Counted;
import io.rankstream.adapters.adalora.Progress;
import org.junit.jupiter.api.Test;

class LearningRateScheduleTest {

    @Test
    void risesLinearlyToThePeak() {
        LearningRateSchedule schedule = new LearningRateSchedule(4, 0);
        assertThat(schedule.factor(after(0))).isEqualTo(.25f);
        assertThat(schedule.factor(after(1))).isEqualTo(.5f);
        assertThat(schedule.factor(after(3))).isEqualTo(1f);
    }

    @Test
    void staysConstantWithoutAnEnd() {
        assertThat(new LearningRateSchedule(4, 0).factor(after(1_000_000))).isEqualTo(1f);
    }

    @Test
    void fallsLinearlyToZeroAtTheEnd() {
        LearningRateSchedule schedule = new LearningRateSchedule(10, 110);
        assertThat(schedule.factor(after(10))).isEqualTo(1f);
        assertThat(schedule.factor(after(60))).isEqualTo(.5f);
        assertThat(schedule.factor(after(110))).isZero();
        assertThat(schedule.factor(after(500))).isZero();
    }

    @Test
    void canCountItsWarmUpInExamples() {
        LearningRateSchedule schedule = new LearningRateSchedule(Counted.EXAMPLES, 40, 0);
        assertThat(schedule.factor(new Progress(1, 4))).isEqualTo(.1f);
        assertThat(schedule.factor(new Progress(2, 20))).isEqualTo(.5f);
        assertThat(schedule.factor(new Progress(1, 64))).isEqualTo(1f);
    }

    /** Progress with the step after so many completed ones. */
    private static Progress after(long steps) {
        return new Progress(steps + 1, 16 * (steps + 1));
    }
}
