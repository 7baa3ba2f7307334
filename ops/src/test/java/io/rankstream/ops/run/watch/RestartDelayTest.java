package io.rankstream.ops.run.watch;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import java.util.stream.LongStream;
import org.apache.flink.configuration.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RestartDelayTest {

    @Test
    void growsWithEveryFailureUpToItsLimit() {
        RestartDelay delay = exponential();
        assertThat(LongStream.of(0, 2, 5, 10, 20).mapToObj(second -> delay.after(second * 1000)))
                .extracting(Duration::toSeconds)
                .containsExactly(1L, 3L, 9L, 10L, 10L);
    }

    @Test
    void beginsAnewWhenTheJobHasRunLongEnough() {
        RestartDelay delay = exponential();
        delay.after(0);
        assertThat(delay.after(60_000)).hasSeconds(3);
        assertThat(delay.after(60_000 + 3_000 + 60_000)).hasSeconds(1);
    }

    @ParameterizedTest
    @CsvSource({"fixed-delay, fixed-delay.delay", "failure-rate, failure-rate.delay"})
    void staysTheSameWhereTheConfigurationSaysSo(String type, String option) {
        RestartDelay delay =
                RestartDelay.of(
                        Configuration.fromMap(
                                Map.of(
                                        "restart-strategy.type",
                                        type,
                                        "restart-strategy." + option,
                                        "7 s")));
        assertThat(delay.after(0)).hasSeconds(7);
        assertThat(delay.after(1000)).hasSeconds(7);
    }

    private static RestartDelay exponential() {
        return RestartDelay.of(
                Configuration.fromMap(
                        Map.of(
                                "restart-strategy.type", "exponential-delay",
                                "restart-strategy.exponential-delay.initial-backoff", "1 s",
                                "restart-strategy.exponential-delay.max-backoff", "10 s",
                                "restart-strategy.exponential-delay.backoff-multiplier", "3",
                                "restart-strategy.exponential-delay.reset-backoff-threshold",
                                        "1 min")));
    }
}
