package io.rankstream.job.source.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.rankstream.job.LoggedLines;
import io.rankstream.job.source.kafka.InputGap.Deleted;
import io.rankstream.job.source.kafka.InputGap.MadeAnew;
import io.rankstream.job.source.kafka.InputGap.PartitionGone;
import io.rankstream.job.source.kafka.InputGap.TopicGone;
import io.rankstream.job.source.kafka.InputGap.Truncated;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.groups.UnregisteredMetricsGroup;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class InputGapsTest {

    private static final TopicPartition PARTITION = new TopicPartition("tickets", 3);

    private final Map<String, Counter> counters = new HashMap<>();

    static List<InputGap> gaps() {
        Uuid known = new Uuid(1, 2);
        Uuid found = new Uuid(3, 4);
        return List.of(
                new Deleted(PARTITION, 1_000, 4_000),
                new Truncated(PARTITION, 4_000, 1_000),
                new MadeAnew(PARTITION, 1_000, 0, known, found),
                new MadeAnew(PARTITION, 1_000, 0, null, found),
                new PartitionGone(PARTITION, 1_000),
                new TopicGone(PARTITION));
    }

    @ParameterizedTest
    @MethodSource("gaps")
    void aGapIsOneWarningOnTheConsoleAndCounts(InputGap gap) {
        try (LoggedLines lines = LoggedLines.of(InputGaps.class)) {
            inputGaps().accept(gap);

            assertThat(lines.onConsole()).containsExactly("WARN " + gap.sentence());
        }
        assertThat(gap.sentence()).contains("topic 'tickets'");
        assertThat(count(InputGaps.GAPS)).isEqualTo(1);
        assertThat(count(InputGaps.LOST)).isEqualTo(gap instanceof Deleted ? 3_000 : 0);
    }

    @Test
    void everyKindOfGapIsTried() {
        Stream<?> kinds = Arrays.stream(InputGap.class.getPermittedSubclasses());
        assertThat(kinds).allMatch(kind -> gaps().stream().anyMatch(gap -> kind == gap.getClass()));
    }

    private long count(String name) {
        return counters.get(name).getCount();
    }

    private InputGaps inputGaps() {
        return new InputGaps(
                new UnregisteredMetricsGroup() {
                    @Override
                    public <C extends Counter> C counter(String name, C counter) {
                        counters.put(name, counter);
                        return counter;
                    }
                });
    }
}
