package io.rankstream.adapters.training;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LearningRateScheduleTest {

    @Test
    void risesLinearlyToThePeak() {
        LearningRateSchedule schedule = new LearningRateSchedule(4, 0);
        assertThat(schedule.factor(0)).isEqualTo(.25f);
        assertThat(schedule.factor(1)).isEqualTo(.5f);
        assertThat(schedule.factor(3)).isEqualTo(1f);
    }

    @Test
    void staysConstantWithoutAnEnd() {
        assertThat(new LearningRateSchedule(4, 0).factor(1_000_000)).isEqualTo(1f);
    }

    @Test
    void fallsLinearlyToZeroAtTheEnd() {
        LearningRateSchedule schedule = new LearningRateSchedule(10, 110);
        assertThat(schedule.factor(10)).isEqualTo(1f);
        assertThat(schedule.factor(60)).isEqualTo(.5f);
        assertThat(schedule.factor(110)).isZero();
        assertThat(schedule.factor(500)).isZero();
    }
}
