package io.rankstream.job.sink;

import static org.assertj.core.api.Assertions.assertThat;

import io.rankstream.job.metrics.JobMetric;
import io.rankstream.job.metrics.PerAdapter;
import io.rankstream.job.metrics.RegisteredMetrics;
import io.rankstream.job.record.DeadLetters;
import io.rankstream.job.record.RawRecord;
import io.rankstream.schemas.DeadLetterReason;
import org.junit.jupiter.api.Test;

class RefusalsTest {

    private static final RawRecord RECORD =
            new RawRecord("labeled-examples", 0, 0, null, new byte[0]);

    private final RegisteredMetrics metrics = new RegisteredMetrics();

    /** As in the group that Flink gives a serializer. */
    private final Refusals refusals = new Refusals(metrics.operator().addGroup("user"), 2, () -> 0);

    @Test
    void countsByReasonAndByAdapter() {
        refuse("a", DeadLetterReason.UNKNOWN_LABEL);
        refuse("a", DeadLetterReason.EMPTY_TEXT);
        refuse("b", DeadLetterReason.EMPTY_TEXT);

        assertThat(metrics.value(JobMetric.DEAD_LETTERS, "EMPTY_TEXT")).isEqualTo(2);
        assertThat(metrics.value(JobMetric.REFUSED_RECORDS, "a", "EMPTY_TEXT")).isEqualTo(1);
        assertThat(metrics.value(JobMetric.REFUSED_RECORDS, "a", "UNKNOWN_LABEL")).isEqualTo(1);
        assertThat(metrics.value(JobMetric.REFUSED_RECORDS, "b", "EMPTY_TEXT")).isEqualTo(1);
    }

    @Test
    void everyReasonIsThereBeforeItsFirstRecord() {
        assertThat(metrics.labels(JobMetric.DEAD_LETTERS)).hasSameSizeAs(DeadLetterReason.values());
        assertThat(metrics.value(JobMetric.DEAD_LETTERS, "NOT_FINITE")).isZero();
    }

    @Test
    void aRecordOfNoAdapterCountsByItsReasonAlone() {
        refuse(null, DeadLetterReason.BAD_MAGIC);

        assertThat(metrics.value(JobMetric.DEAD_LETTERS, "BAD_MAGIC")).isEqualTo(1);
        assertThat(metrics.labels(JobMetric.REFUSED_RECORDS)).isEmpty();
    }

    @Test
    void idsThatNoAdapterHasTakeNoPlace() {
        refuse("made-up-1", DeadLetterReason.UNKNOWN_ADAPTER);
        refuse("made-up-2", DeadLetterReason.UNKNOWN_ADAPTER);
        refuse("a", DeadLetterReason.EMPTY_TEXT);

        assertThat(metrics.value(JobMetric.REFUSED_RECORDS, PerAdapter.OTHERS, "UNKNOWN_ADAPTER"))
                .isEqualTo(2);
        assertThat(metrics.value(JobMetric.REFUSED_RECORDS, "a", "EMPTY_TEXT")).isEqualTo(1);
    }

    @Test
    void adaptersBeyondTheLimitAreSummed() {
        for (int i = 0; i < 1_000; i++) {
            refuse("adapter-" + i, DeadLetterReason.UNKNOWN_LABEL);
        }

        assertThat(metrics.labels(JobMetric.REFUSED_RECORDS)).hasSize(3);
        assertThat(metrics.value(JobMetric.REFUSED_RECORDS, PerAdapter.OTHERS, "UNKNOWN_LABEL"))
                .isEqualTo(998);
    }

    private void refuse(String adapterId, DeadLetterReason reason) {
        refusals.count(DeadLetters.of(RECORD, adapterId, reason, "it cannot be learned from"));
    }
}
