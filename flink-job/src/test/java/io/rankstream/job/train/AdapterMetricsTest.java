package io.rankstream.job.train;

import static io.rankstream.job.train.MicroBatches.FIRST_TOKEN;
import static io.rankstream.job.train.MicroBatches.batch;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.rankstream.adapters.model.ModelSource;
import io.rankstream.adapters.model.bert.TinyBert;
import io.rankstream.adapters.task.WatchedMetric;
import io.rankstream.adapters.tokens.TextEncoder;
import io.rankstream.job.batch.Examples;
import io.rankstream.job.batch.MicroBatch;
import io.rankstream.job.config.settings.TrainSettings;
import io.rankstream.job.metrics.JobMetric;
import io.rankstream.job.metrics.PerAdapter;
import io.rankstream.job.metrics.RegisteredMetrics;
import io.rankstream.job.state.Backend;
import io.rankstream.schemas.Prediction;
import io.rankstream.schemas.TrainingReport;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the train operator measures of adapters, two of which have metrics of their own. */
class AdapterMetricsTest {

    private static final int EVERY_STEPS = 2;

    private static ModelSource model;

    @TempDir Path temp;

    private TrainHarness harness;

    @BeforeAll
    static void writeModel(@TempDir Path directory) throws IOException {
        model = TinyBert.small().writeTo(directory);
    }

    @BeforeEach
    void open() throws Exception {
        harness = harness();
        harness.setProcessingTime(1_000_000);
        harness.open();
    }

    @AfterEach
    void close() throws Exception {
        harness.close();
    }

    @Test
    void theyAreWhatReportsAndPredictionsSay() throws Exception {
        give(batch("a", 0, 4), batch("a", 1, 3));

        TrainingReport report = harness.extractOutputValues().get(1);
        List<Prediction> predictions = harness.side(TrainOutputs.PREDICTIONS);
        assertThat(value(JobMetric.ADAPTER_EXAMPLES)).isEqualTo(7);
        assertThat(value(JobMetric.ADAPTER_STEPS)).isEqualTo(2);
        assertThat(value(JobMetric.LIFETIME_EXAMPLES)).isEqualTo(7);
        assertThat(value(JobMetric.LIFETIME_STEPS)).isEqualTo(2);
        assertThat(value(JobMetric.LOSS))
                .isCloseTo(
                        predictions.stream()
                                .mapToDouble(Prediction::getLoss)
                                .average()
                                .orElseThrow(),
                        within(1e-6));
        assertThat(value(watched("accuracy"))).isEqualTo(report.getPrequentialAccuracy());
        assertThat(value(watched("accuracyLast50"))).isEqualTo(report.getPrequentialAccuracy());
        assertThat(value(watched("accuracyLast1000")))
                .isEqualTo(report.getPrequentialAccuracyLast1000());
        assertThat(value(watched("majorityAccuracy"))).isEqualTo(report.getMajorityAccuracy());
        assertThat(value(JobMetric.LIVE_RANK))
                .isEqualTo(report.getLiveRanks().stream().mapToInt(Integer::intValue).sum());
        assertThat(value(JobMetric.RANK_BUDGET)).isEqualTo(report.getBudget());
        assertThat(value(JobMetric.TRUNCATED_SHARE)).isZero();
    }

    @Test
    void aVersionAgesUntilTheNextOne() throws Exception {
        give(batch("a", 0, 2));
        assertThat(value(JobMetric.VERSION)).isZero();
        assertThat(value(JobMetric.VERSION_AGE)).isNaN();

        give(batch("a", 1, 2));
        harness.setProcessingTime(1_030_000);
        assertThat(value(JobMetric.VERSION)).isEqualTo(1);
        assertThat(value(JobMetric.VERSION_AGE)).isEqualTo(30);

        give(batch("a", 2, 2));
        give(batch("a", 3, 2));
        assertThat(value(JobMetric.VERSION)).isEqualTo(2);
        assertThat(value(JobMetric.VERSION_AGE)).isZero();
    }

    @Test
    void silenceIsTimeSinceTheNewestStep() throws Exception {
        give(batch("a", 0, 2));
        harness.setProcessingTime(1_090_000);
        assertThat(value(JobMetric.SILENCE)).isEqualTo(90);

        give(batch("a", 1, 2));
        assertThat(value(JobMetric.SILENCE)).isZero();
    }

    @Test
    void tokensOutsideTheVocabularyAreAShareOfAll() throws Exception {
        int unknown = TextEncoder.unknownToken(model).orElseThrow();

        give(
                new MicroBatch(
                        "a",
                        List.of(
                                Examples.of("a", 0, 0, FIRST_TOKEN, unknown, FIRST_TOKEN),
                                Examples.of("a", 1, 1, unknown))));

        assertThat(value(JobMetric.UNKNOWN_TOKEN_SHARE)).isEqualTo(0.5);
    }

    @Test
    void adaptersBeyondTheLimitAreMeasuredTogether() throws Exception {
        give(batch("a", 0, 2), batch("b", 1, 2), batch("c", 2, 4), batch("d", 3, 2));
        give(batch("c", 4, 3));

        List<Prediction> ofOthers =
                harness.side(TrainOutputs.PREDICTIONS).stream()
                        .filter(prediction -> prediction.getAdapterId().compareTo("b") > 0)
                        .toList();
        double accuracy =
                ofOthers.stream()
                        .mapToInt(each -> each.getLabel().equals(each.getPredictedLabel()) ? 1 : 0)
                        .average()
                        .orElseThrow();
        assertThat(labels()).containsExactly(PerAdapter.OTHERS, "a", "b");
        assertThat(ofOthers(JobMetric.LIFETIME_EXAMPLES)).isEqualTo(9);
        assertThat(ofOthers(JobMetric.ADAPTER_EXAMPLES)).isEqualTo(9);
        assertThat(ofOthers(JobMetric.ADAPTER_STEPS)).isEqualTo(3);
        assertThat(ofOthers(watched("accuracy"))).isCloseTo(accuracy, within(1e-9));
        assertThat(ofOthers(watched("accuracyLast50"))).isCloseTo(accuracy, within(1e-9));
        assertThat(ofOthers(JobMetric.LOSS))
                .isCloseTo(
                        ofOthers.stream().mapToDouble(Prediction::getLoss).average().orElseThrow(),
                        within(1e-6));
        assertThat(harness.metrics().has(JobMetric.LIVE_RANK, PerAdapter.OTHERS)).isFalse();
    }

    @Test
    void whoTakesTheFreePlaceOfAQuietAdapterTakesItsLifeAlong() throws Exception {
        give(batch("a", 0, 2), batch("b", 1, 2), batch("c", 2, 4), batch("d", 3, 2));
        harness.setProcessingTime(1_000_000 + PerAdapter.QUIET.toMillis());
        give(batch("b", 4, 1), batch("c", 5, 1));

        assertThat(labels()).containsExactly(PerAdapter.OTHERS, "b", "c");
        assertThat(metrics().value(JobMetric.LIFETIME_EXAMPLES, "c")).isEqualTo(5);
        assertThat(metrics().value(JobMetric.ADAPTER_EXAMPLES, "c")).isEqualTo(1);
        assertThat(ofOthers(JobMetric.LIFETIME_EXAMPLES)).as("a and d").isEqualTo(4);
    }

    @Test
    void whatIsInStateIsThereAgainAfterARestart() throws Exception {
        give(batch("a", 0, 4), batch("b", 1, 2), batch("c", 2, 3), batch("c", 3, 3));
        harness.publish(temp);
        double accuracy = value(watched("accuracy"));
        double liveRank = value(JobMetric.LIVE_RANK);
        OperatorSubtaskState state = harness.snapshot(1, 1);
        harness.close();

        harness = harness();
        harness.setProcessingTime(System.currentTimeMillis() + 60_000);
        harness.initializeState(state);
        harness.open();

        assertThat(labels())
                .as("the two that learned most")
                .containsExactly(PerAdapter.OTHERS, "a", "c");
        assertThat(value(JobMetric.LIFETIME_EXAMPLES)).isEqualTo(4);
        assertThat(value(watched("accuracy"))).isEqualTo(accuracy);
        assertThat(value(JobMetric.LIVE_RANK)).isEqualTo(liveRank);
        assertThat(value(JobMetric.LOSS)).isNaN();
        assertThat(value(JobMetric.ADAPTER_EXAMPLES)).isZero();
        assertThat(ofOthers(JobMetric.LIFETIME_EXAMPLES)).isEqualTo(2);
        assertThat(metrics().value(JobMetric.VERSION, "c")).isEqualTo(1);
        assertThat(metrics().value(JobMetric.VERSION_AGE, "c")).isBetween(50.0, 600.0);
    }

    @Test
    void aThousandAdaptersHaveNoMoreSeriesThanThree() throws Exception {
        for (int i = 0; i < 1_000; i++) {
            give(batch("adapter-" + i, i, 1));
        }

        assertThat(labels()).hasSize(3);
        assertThat(
                        labels().stream()
                                .mapToDouble(
                                        label ->
                                                metrics().value(JobMetric.LIFETIME_EXAMPLES, label))
                                .sum())
                .isEqualTo(1_000)
                .isEqualTo(metrics().value(JobMetric.EXAMPLES));
    }

    private TrainHarness harness() throws Exception {
        return new TrainHarness(
                Backend.HASH_MAP,
                model,
                EVERY_STEPS,
                new TrainSettings(1L << 20, 1_000, 0, Duration.ZERO),
                Examples.any(Examples.TEMPLATE),
                temp);
    }

    private void give(MicroBatch... batches) throws Exception {
        for (MicroBatch batch : batches) {
            harness.processElement(batch, 0);
        }
    }

    private RegisteredMetrics metrics() {
        return harness.metrics();
    }

    private static JobMetric watched(String name) {
        return WatchedMetric.all().stream()
                .filter(metric -> metric.name().equals(name))
                .map(JobMetric::of)
                .findFirst()
                .orElseThrow();
    }

    private List<String> labels() {
        return metrics().labels(JobMetric.LIFETIME_EXAMPLES);
    }

    private double value(JobMetric metric) {
        return metrics().value(metric, "a");
    }

    private double ofOthers(JobMetric metric) {
        return metrics().value(metric, PerAdapter.OTHERS);
    }
}
