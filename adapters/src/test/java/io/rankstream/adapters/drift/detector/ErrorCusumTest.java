package io.rankstream.adapters.drift.detector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

class ErrorCusumTest {

    @Test
    void aChangeIsNotUsualBeforeItIsFound() {
        ChangeDetector detector = new ErrorCusum(CusumState.empty(), Long.MAX_VALUE);
        Random random = new Random(1);
        for (int i = 0; i < 500; i++) {
            detector.observe(random.nextDouble() < .1, ChangeDetector.RAREST);
        }
        double before = detector.state().usualShare();

        for (int i = 0; i < 20; i++) {
            detector.observe(true, ChangeDetector.RAREST);
        }

        assertThat(detector.state().usualShare()).isCloseTo(before, within(.02));
    }
}
