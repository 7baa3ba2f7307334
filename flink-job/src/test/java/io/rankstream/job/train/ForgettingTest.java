package io.rankstream.job.train;

import static io.rankstream.job.train.MicroBatches.FIRST_TOKEN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.rankstream.adapters.probe.ProbeSettings;
import io.rankstream.job.batch.Examples;
import io.rankstream.job.batch.MicroBatch;
import io.rankstream.job.encode.EncodedExample;
import io.rankstream.job.metrics.JobMetric;
import io.rankstream.job.record.DeadLetters;
import io.rankstream.job.state.Backend;
import io.rankstream.schemas.Forgetting;
import io.rankstream.schemas.Prediction;
import io.rankstream.schemas.TrainingReport;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.junit.jupiter.api.Test;

/** What the operator tells of examples that are withheld from learning. */
class ForgettingTest extends OperatorInHarness {

    private static final int BATCHES = 60;
    private static final int OF_A_BATCH = 4;

    ForgettingTest() {
        super(Backend.HASH_MAP);
    }

    private TrainHarness probed(long cacheBytes, double share) throws Exception {
        return harness(
                backend,
                cacheBytes,
                NEVER,
                Map.of("a", TEMPLATE.toBuilder().probes(new ProbeSettings(share, 100)).build()));
    }

    @Test
    void everyExampleIsPredictedAndTheWithheldOnesAreMarkedAndCounted() throws Exception {
        harness = probed(ALL_ADAPTERS, .25);
        harness.open();

        give(stream());

        List<Prediction> predictions = side(TrainOutputs.PREDICTIONS);
        long withheld = predictions.stream().filter(Prediction::getWithheld).count();
        assertThat(predictions).hasSize(BATCHES * OF_A_BATCH);
        assertThat(predictions).extracting(Prediction::getExampleId).doesNotHaveDuplicates();
        assertThat(withheld).isBetween(20L, 100L);
        assertThat(harness.metrics().value(JobMetric.WITHHELD_EXAMPLES))
                .isEqualTo((double) withheld);
        assertThat(harness.metrics().value(JobMetric.EXAMPLES))
                .isEqualTo((double) (BATCHES * OF_A_BATCH - withheld));
        assertThat(last().getExamplesTotal()).isEqualTo(BATCHES * OF_A_BATCH - withheld);
        assertThat(side(DeadLetters.TAG)).isEmpty();
    }

    @Test
    void theReportThatEndsAPeriodTellsWhatIsStillKnown() throws Exception {
        harness = probed(ALL_ADAPTERS, .25);
        harness.open();

        give(stream());

        List<Forgetting> told =
                harness.extractOutputValues().stream()
                        .map(TrainingReport::getForgetting)
                        .filter(one -> one != null)
                        .toList();
        assertThat(told).hasSize(2);
        Forgetting newest = told.get(1);
        assertThat(newest.getPeriods()).hasSize(2);
        assertThat(newest.getLabels()).hasSize(2);
        assertThat(harness.metrics().value(JobMetric.PROBES_THEN, "a")).isEqualTo(newest.getThen());
        assertThat(harness.metrics().value(JobMetric.PROBES_NOW, "a")).isEqualTo(newest.getNow());
        assertThat(
                        newest.getPeriods().stream()
                                .mapToDouble(period -> period.getNow() * period.getProbes())
                                .sum())
                .isCloseTo(newest.getNow() * newest.getProbes(), within(1e-9));
    }

    @Test
    void aRestoreInTheMiddleChangesNothingOfWhatIsTold() throws Exception {
        harness = probed(ALL_ADAPTERS, .25);
        harness.open();
        give(stream());
        List<TrainingReport> uninterrupted = harness.extractOutputValues();
        harness.close();

        harness = probed(ONE_ADAPTER, .25);
        harness.open();
        List<TrainingReport> told = new ArrayList<>();
        for (int i = 0; i < BATCHES; i++) {
            give(List.of(stream().get(i)));
            if (i % 7 == 3) {
                OperatorSubtaskState snapshot = harness.snapshot(i, i);
                told.addAll(harness.extractOutputValues());
                harness.close();
                harness = probed(ONE_ADAPTER, .25);
                harness.initializeState(snapshot);
                harness.open();
            }
        }
        told.addAll(harness.extractOutputValues());

        assertThat(told).isEqualTo(uninterrupted);
    }

    @Test
    void whatIsNoLongerAskedForIsDropped() throws Exception {
        harness = probed(ALL_ADAPTERS, .25);
        harness.open();
        give(stream().subList(0, 40));
        OperatorSubtaskState snapshot = harness.snapshot(1, 1);
        harness.close();
        harness = probed(ALL_ADAPTERS, 0);
        harness.initializeState(snapshot);
        harness.open();

        give(stream().subList(40, BATCHES));

        assertThat(side(TrainOutputs.PREDICTIONS)).noneMatch(Prediction::getWithheld);
        assertThat(last().getForgetting()).isNull();
        assertThat(harness.metrics().value(JobMetric.PROBES_NOW, "a")).isNaN();
    }

    private TrainingReport last() {
        List<TrainingReport> reports = harness.extractOutputValues();
        return reports.get(reports.size() - 1);
    }

    /** Micro-batches whose labels follow their tokens. */
    private static List<MicroBatch> stream() {
        return IntStream.range(0, BATCHES).mapToObj(ForgettingTest::batch).toList();
    }

    private static MicroBatch batch(int index) {
        List<EncodedExample> examples = new ArrayList<>();
        for (int number = index * OF_A_BATCH; number < (index + 1) * OF_A_BATCH; number++) {
            SplittableRandom random = new SplittableRandom(number);
            int label = random.nextInt(2);
            int from = FIRST_TOKEN + 20 * label;
            int[] tokens = random.ints(3 + random.nextInt(6), from, from + 10).toArray();
            examples.add(Examples.of("a", number, label, tokens));
        }
        return new MicroBatch("a", examples);
    }
}
