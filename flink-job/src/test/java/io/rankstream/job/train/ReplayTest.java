package io.rankstream.job.train;

import static org.assertj.core.api.Assertions.assertThat;

import io.rankstream.adapters.replay.ReplaySettings;
import io.rankstream.adapters.settings.TrainingTemplate;
import io.rankstream.job.batch.MicroBatch;
import io.rankstream.job.metrics.JobMetric;
import io.rankstream.job.state.Backend;
import io.rankstream.schemas.TrainingReport;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.junit.jupiter.api.Test;

/** What the operator keeps and tells of examples that are learned from again. */
class ReplayTest extends OperatorInHarness {

    private static final TrainingTemplate REPLAYING =
            TEMPLATE.toBuilder()
                    .replay(new ReplaySettings(.5, ReplaySettings.FEWEST_BYTES))
                    .build();

    private static final Map<String, TrainingTemplate> TEMPLATES =
            Map.of("a", REPLAYING, "b", TEMPLATE, "c", REPLAYING);

    ReplayTest() {
        super(Backend.HASH_MAP);
    }

    private void begin(long cacheBytes) throws Exception {
        harness = harness(backend, cacheBytes, NEVER, TEMPLATES);
    }

    @Test
    void keptExamplesAreToldBesideThoseThatAreNew() throws Exception {
        begin(ALL_ADAPTERS);
        harness.open();

        give(batches("a", 5));
        give(batches("b", 5));

        List<TrainingReport> reports = harness.extractOutputValues();
        assertThat(reports)
                .extracting(TrainingReport::getExamplesTotal)
                .containsExactly(2L, 4L, 6L, 8L, 10L, 2L, 4L, 6L, 8L, 10L);
        assertThat(reports)
                .extracting(TrainingReport::getReplayedExamples)
                .containsExactly(0, 1, 1, 1, 1, 0, 0, 0, 0, 0);
        assertThat(reports)
                .allMatch(
                        report ->
                                report.getReplayedTokens() > 0 == report.getReplayedExamples() > 0);
        assertThat(side(TrainOutputs.PREDICTIONS)).hasSize(20);
        assertThat(harness.metrics().value(JobMetric.REPLAYED_EXAMPLES, "a")).isEqualTo(4L);
        assertThat(harness.metrics().value(JobMetric.REPLAYED_EXAMPLES, "b")).isEqualTo(0L);
    }

    @Test
    void aRestoreInTheMiddleChangesNothingOfWhatIsLearned() throws Exception {
        List<MicroBatch> stream = stream(30);
        begin(ALL_ADAPTERS);
        harness.open();
        give(stream);
        List<TrainingReport> uninterrupted = harness.extractOutputValues();
        harness.close();

        begin(ONE_ADAPTER);
        harness.open();
        give(stream.subList(0, 17));
        List<TrainingReport> told = new ArrayList<>(harness.extractOutputValues());
        OperatorSubtaskState snapshot = harness.snapshot(1, 1);
        harness.close();
        begin(ONE_ADAPTER);
        harness.initializeState(snapshot);
        harness.open();
        give(stream.subList(17, 30));
        told.addAll(harness.extractOutputValues());

        assertThat(told).isEqualTo(uninterrupted);
    }
}
