package io.rankstream.ops.standing;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class ThroughputTest {

    private static final Instant START = Instant.parse("2026-05-04T10:00:00Z");

    @Test
    void examplesOfOneSecondAreAddedUp() {
        Throughput throughput = new Throughput();
        throughput.add(START, 4);
        throughput.add(START.plusMillis(900), 4);
        throughput.add(START.plusSeconds(2), 4);

        assertThat(throughput.length()).isEqualTo(Duration.ofSeconds(1));
        assertThat(throughput.examplesOfSpan().values()).containsExactly(8L, 4L);
    }

    @Property
    void nothingIsLostAndItStaysSmallWheneverStepsCome(
            @ForAll @Size(min = 1, max = 100) List<@LongRange(max = 100_000_000) Long> seconds) {
        Throughput throughput = new Throughput();
        seconds.forEach(second -> throughput.add(START.plusSeconds(second), 4));

        assertThat(throughput.examplesOfSpan().values().stream().mapToLong(Long::longValue).sum())
                .isEqualTo(4L * seconds.size());
        assertThat(throughput.examplesOfSpan().lastKey() - throughput.examplesOfSpan().firstKey())
                .isLessThan(Throughput.MOST_SPANS);
    }
}
