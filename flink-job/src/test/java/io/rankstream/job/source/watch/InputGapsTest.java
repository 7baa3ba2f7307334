package io.rankstream.job.source.watch;

import static org.assertj.core.api.Assertions.assertThat;

import io.rankstream.job.LoggedLines;
import io.rankstream.job.metrics.JobMetric;
import io.rankstream.job.metrics.RegisteredMetrics;
import io.rankstream.job.source.watch.InputGap.Deleted;
import io.rankstream.job.source.watch.InputGap.MadeAnew;
import io.rankstream.job.source.watch.InputGap.PartitionGone;
import io.rankstream.job.source.watch.InputGap.TopicGone;
import io.rankstream.job.source.watch.InputGap.Truncated;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class InputGapsTest {

    private static final TopicPartition PARTITION = new TopicPartition("tickets", 3);

    private final RegisteredMetrics metrics = new RegisteredMetrics();

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
            new InputGaps(metrics.operator()).accept(gap);

            assertThat(lines.onConsole()).containsExactly("WARN " + gap.sentence());
        }
        assertThat(gap.sentence()).contains("topic 'tickets'");
        assertThat(metrics.value(JobMetric.INPUT_GAPS)).isEqualTo(1);
        assertThat(metrics.value(JobMetric.LOST_RECORDS))
                .isEqualTo(gap instanceof Deleted ? 3_000 : 0);
    }

    @Test
    void everyKindOfGapIsTried() {
        Stream<?> kinds = Arrays.stream(InputGap.class.getPermittedSubclasses());
        assertThat(kinds).allMatch(kind -> gaps().stream().anyMatch(gap -> kind == gap.getClass()));
    }
}
