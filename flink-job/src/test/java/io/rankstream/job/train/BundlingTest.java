package io.rankstream.job.train;

import static io.rankstream.job.train.MicroBatches.batch;
import static io.rankstream.job.train.MicroBatches.poison;
import static io.rankstream.job.train.MicroBatches.unlabeled;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

import io.rankstream.adapters.model.ModelSource;
import io.rankstream.adapters.model.bert.PoisonedBert;
import io.rankstream.adapters.settings.TrainingTemplate;
import io.rankstream.job.batch.Commands;
import io.rankstream.job.batch.Examples;
import io.rankstream.job.batch.JudgedCommand;
import io.rankstream.job.batch.MicroBatch;
import io.rankstream.job.config.settings.AdapterSettings;
import io.rankstream.job.config.settings.ConfiguredAdapters;
import io.rankstream.job.config.settings.TrainSettings;
import io.rankstream.job.encode.EncodedExample;
import io.rankstream.job.metrics.JobMetric;
import io.rankstream.job.record.DeadLetters;
import io.rankstream.job.state.Backend;
import io.rankstream.schemas.ControlAction;
import io.rankstream.schemas.DeadLetterReason;
import io.rankstream.schemas.Prediction;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.assertj.core.groups.Tuple;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Micro-batches of different adapters that are trained together. */
@ParameterizedClass
@EnumSource(Backend.class)
class BundlingTest {

    private static final long ONE_ADAPTER = 1;
    private static final long ALL_ADAPTERS = 1L << 30;
    private static final int NEVER = 1_000_000;
    private static final int OFF = 0;
    private static final int UNREACHED = 1_000_000;
    private static final long LINGER = 20; // ms

    private static final TrainingTemplate TEMPLATE = Examples.TEMPLATE;
    private static final Map<String, TrainingTemplate> NAMED =
            Map.of("a", TEMPLATE, "b", TEMPLATE, "c", TEMPLATE, "d", TEMPLATE);

    private static ModelSource model;

    @TempDir Path temp;

    private final Backend backend;
    private TrainHarness harness;

    BundlingTest(Backend backend) {
        this.backend = backend;
    }

    @BeforeAll
    static void writeModel(@TempDir Path directory) throws IOException {
        model = PoisonedBert.writeTo(directory);
    }

    @AfterEach
    void close() throws Exception {
        if (harness != null) {
            harness.close();
        }
    }

    @Nested
    class OpenBundleIsTrained {

        @Test
        void whenItsTokensReachTheLimit() throws Exception {
            int limit = batch("c", 0, 2).tokens() + batch("a", 1, 2).tokens() + 1;
            open(limit);

            give(batch("c", 0, 2), batch("a", 1, 2));
            assertThat(harness.extractOutputValues()).isEmpty();
            give(batch("b", 2, 1));

            assertThat(steps()).containsExactly("c1", "a1", "b1");
        }

        @Test
        void whenItsFirstMicroBatchHasLingered() throws Exception {
            open(UNREACHED);
            harness.setProcessingTime(100);
            give(batch("a", 0, 2));
            harness.setProcessingTime(110);
            give(batch("b", 0, 2));

            harness.setProcessingTime(100 + LINGER - 1);
            assertThat(harness.extractOutputValues()).isEmpty();
            harness.setProcessingTime(100 + LINGER);

            assertThat(steps()).containsExactly("a1", "b1");
        }

        @Test
        void afterAWaitOfItsOwn() throws Exception {
            open(UNREACHED);
            harness.setProcessingTime(0);
            give(batch("a", 0, 2));
            harness.setProcessingTime(10);
            give(batch("a", 1, 2));
            assertThat(steps()).containsExactly("a1");

            harness.setProcessingTime(LINGER);
            assertThat(steps()).containsExactly("a1");
            harness.setProcessingTime(10 + LINGER);

            assertThat(steps()).containsExactly("a1", "a2");
        }

        @Test
        void beforeTheNextMicroBatchOfAnAdapterInIt() throws Exception {
            open(UNREACHED);

            give(batch("a", 0, 2), batch("b", 0, 2), batch("a", 1, 2));

            assertThat(steps()).containsExactly("a1", "b1");
            assertThat(predictions()).containsExactly("a-0", "a-1", "b-0", "b-1");
            harness.getOperator().finish();
            assertThat(steps()).containsExactly("a1", "b1", "a2");
        }

        @Test
        void beforeALargeMicroBatchOfAnAdapterInIt() throws Exception {
            open(batch("a", 0, 8).tokens());

            give(batch("a", 1, 1), batch("a", 0, 8));

            assertThat(steps()).containsExactly("a1", "a2");
            assertThat(predictions()).startsWith("a-1", "a-0");
        }

        @Test
        void beforeACommandToAnAdapterInIt() throws Exception {
            open(UNREACHED);
            give(batch("a", 0, 2), batch("b", 0, 2));

            harness.processElement(publish("a"), 0);

            assertThat(steps()).containsExactly("a1", "b1");
            assertThat(answered()).containsExactly("a1");
            assertThat(versions()).containsExactly("a1@1");
        }

        @Test
        void notBeforeACommandToAnotherAdapter() throws Exception {
            open(UNREACHED);
            give(batch("a", 0, 2));

            harness.processElement(publish("b"), 0);

            assertThat(steps()).isEmpty();
            assertThat(answered()).containsExactly("b0");
        }

        @Test
        void atTheEndOfTheStreamAndReleasedThen() throws Exception {
            open(UNREACHED);
            give(batch("b", 0, 2), batch("a", 0, 2));

            harness.getOperator().finish();

            assertThat(steps()).containsExactly("b1", "a1");
            assertThat(versions()).containsExactly("a1@1", "b1@1");
        }
    }

    @Test
    void letsALargeMicroBatchGoByItselfAtOnce() throws Exception {
        open(batch("b", 0, 8).tokens());

        give(batch("a", 0, 1), batch("b", 0, 8));

        assertThat(steps()).containsExactly("b1");
        assertThat(bundleSizes()).containsExactly(1);
    }

    @Test
    void trainsEveryMicroBatchByItselfAndAtOnceWhenItIsOff() throws Exception {
        open(OFF);

        give(batch("a", 0, 2), batch("b", 0, 2));

        assertThat(steps()).containsExactly("a1", "b1");
        assertThat(bundleSizes()).containsExactly(1, 1);
    }

    @Test
    void releasesEachAdapterWhenItIsDue() throws Exception {
        harness = harness(UNREACHED, ALL_ADAPTERS, 2, Examples.named(NAMED), 0);
        harness.open();

        give(batch("a", 0, 2), batch("a", 1, 2), batch("b", 0, 2), batch("a", 2, 2));

        assertThat(steps()).containsExactly("a1", "a2", "b1");
        assertThat(versions()).containsExactly("a1@2");
    }

    @Test
    void saysOfEachExampleWhatItSaysOneAtATime() throws Exception {
        MicroBatch[] batches = {
            batch("a", 0, 3), batch("b", 1, 4), batch("c", 2, 2),
            batch("b", 3, 3), batch("c", 4, 3), batch("a", 5, 1)
        };
        open(OFF);
        give(batches);
        Map<String, Prediction> alone = predictionsByExample();
        harness.close();

        open(UNREACHED);
        give(batches);
        harness.getOperator().finish();

        assertThat(bundleSizes()).containsExactly(3, 3);
        assertThat(predictionsByExample()).containsOnlyKeys(alone.keySet());
        predictionsByExample()
                .forEach(
                        (id, prediction) -> {
                            assertThat(prediction.getStep()).isEqualTo(alone.get(id).getStep());
                            assertThat(prediction.getLoss())
                                    .isCloseTo(alone.get(id).getLoss(), within(1e-3f));
                        });
    }

    @Test
    void measuresAdaptersAndTokensOfABundle() throws Exception {
        open(UNREACHED);

        give(batch("a", 0, 2), batch("b", 1, 2), batch("a", 2, 2));

        assertThat(bundleSizes()).containsExactly(2);
        assertThat(values(JobMetric.BUNDLE_TOKENS))
                .containsExactly(batch("a", 0, 2).tokens() + batch("b", 1, 2).tokens());
    }

    @Nested
    class Checkpoint {

        @Test
        void trainsNothingAndARestoreTrainsEachOnce() throws Exception {
            open(UNREACHED);
            give(batch("b", 0, 2), batch("a", 0, 2));

            OperatorSubtaskState snapshot = harness.snapshot(1, 1);
            assertThat(harness.extractOutputValues()).isEmpty();
            harness.close();
            restore(UNREACHED, snapshot);
            assertThat(harness.extractOutputValues()).isEmpty();
            give(batch("c", 0, 2));
            harness.setProcessingTime(LINGER);

            assertThat(steps()).containsExactly("a1", "b1", "c1");
            OperatorSubtaskState next = harness.snapshot(2, 2);
            harness.close();
            restore(UNREACHED, next);
            harness.setProcessingTime(2 * LINGER);
            harness.getOperator().finish();
            assertThat(steps()).isEmpty();
        }

        @Test
        void isFollowedByTheSameBundleWhereTheJobGoesOn() throws Exception {
            open(UNREACHED);
            give(batch("b", 0, 2));
            harness.snapshot(1, 1);
            give(batch("a", 0, 2));
            OperatorSubtaskState snapshot = harness.snapshot(2, 2);

            harness.getOperator().finish();
            assertThat(steps()).containsExactly("b1", "a1");
            harness.close();
            restore(UNREACHED, snapshot);
            harness.getOperator().finish();
            assertThat(steps()).containsExactly("a1", "b1");
        }

        @Test
        void keepsTheOrderOfAnAdapter() throws Exception {
            open(UNREACHED);
            give(batch("a", 0, 2));
            OperatorSubtaskState snapshot = harness.snapshot(1, 1);
            harness.close();

            restore(UNREACHED, snapshot);
            give(batch("a", 1, 2));
            harness.getOperator().finish();

            assertThat(predictions()).containsExactly("a-0", "a-1", "a-2", "a-3");
            assertThat(steps()).containsExactly("a1", "a2");
        }

        @Test
        void leavesNothingWaitingForeverWhenBundlingIsTurnedOff() throws Exception {
            open(UNREACHED);
            give(batch("a", 0, 2), batch("b", 0, 2));
            OperatorSubtaskState snapshot = harness.snapshot(1, 1);
            harness.close();

            restore(OFF, snapshot);
            harness.setProcessingTime(LINGER);

            assertThat(steps()).containsExactly("a1", "b1");
            assertThat(bundleSizes()).containsExactly(1, 1);
        }

        @Test
        void refusesWhatNoLongerFitsTheConfigurationAndTrainsTheRest() throws Exception {
            open(UNREACHED);
            give(batch("a", 0, 2));
            harness.getOperator().finish();
            give(batch("a", 1, 2), batch("b", 0, 2), batch("c", 0, 2));
            OperatorSubtaskState snapshot = harness.snapshot(1, 1);
            harness.close();

            TrainingTemplate other = Examples.ofRank(3);
            harness =
                    harness(
                            UNREACHED,
                            ALL_ADAPTERS,
                            NEVER,
                            Examples.named(Map.of("a", other, "c", TEMPLATE)),
                            0);
            harness.initializeState(snapshot);
            harness.open();
            harness.getOperator().finish();

            assertThat(letters())
                    .containsOnly(
                            tuple("a", DeadLetterReason.ADAPTER_MISMATCH),
                            tuple("b", DeadLetterReason.UNKNOWN_ADAPTER))
                    .hasSize(4);
            assertThat(steps()).containsExactly("c1");
        }
    }

    @Nested
    class BadExamples {

        @Test
        void areRefusedAndTheOtherAdaptersOfTheBundleTrained() throws Exception {
            open(UNREACHED);
            EncodedExample poisoned = poison("a").examples().get(0);
            MicroBatch partly =
                    new MicroBatch("a", List.of(batch("a", 1, 1).examples().get(0), poisoned));

            give(partly, poison("b"), unlabeled("c"), batch("d", 0, 2), batch("unknown", 0, 1));
            harness.getOperator().finish();

            assertThat(letters())
                    .containsExactlyInAnyOrder(
                            tuple("a", DeadLetterReason.NOT_FINITE),
                            tuple("b", DeadLetterReason.NOT_FINITE),
                            tuple("c", DeadLetterReason.UNKNOWN_LABEL),
                            tuple("unknown", DeadLetterReason.UNKNOWN_ADAPTER));
            assertThat(steps()).containsExactly("a1", "d1");
            assertThat(predictions()).containsExactly("a-1", "d-0", "d-1");
            harness.snapshot(1, 1);
            assertThat(harness.adapters()).containsOnlyKeys("a", "d");
        }

        @Test
        void takeNoPlaceOfAnAdapterThatLearns() throws Exception {
            harness =
                    harness(
                            UNREACHED,
                            ALL_ADAPTERS,
                            NEVER,
                            Examples.named(NAMED).withOthers(new AdapterSettings(TEMPLATE)),
                            1);
            harness.open();

            give(batch("a", 0, 2), poison("x"), batch("y", 0, 2), batch("z", 0, 2));
            harness.getOperator().finish();

            assertThat(letters())
                    .containsExactly(
                            tuple("x", DeadLetterReason.NOT_FINITE),
                            tuple("z", DeadLetterReason.ADAPTER_LIMIT),
                            tuple("z", DeadLetterReason.ADAPTER_LIMIT));
            assertThat(steps()).containsExactly("a1", "y1");
        }
    }

    @Nested
    class CacheThatIsSmallerThanTheBundle {

        @Test
        void ofOneAdapterTrainsOneAtATime() throws Exception {
            openWithCache(ONE_ADAPTER);

            give(batch("a", 0, 2), batch("b", 0, 2), batch("c", 0, 2));
            harness.getOperator().finish();

            assertThat(steps()).containsExactly("a1", "b1", "c1");
            assertThat(bundleSizes()).containsExactly(1, 1, 1);
            assertThat(residentAdapters()).isEqualTo(1);
        }

        @Test
        void trainsAsManyTogetherAsFillIt() throws Exception {
            open(OFF);
            give(batch("a", 0, 2));
            long bytes = (long) harness.metrics().value(JobMetric.RESIDENT_ADAPTER_BYTES);
            harness.close();

            openWithCache(2 * bytes - 1);
            give(batch("a", 0, 2), batch("b", 0, 2), batch("c", 0, 2));
            harness.getOperator().finish();

            assertThat(bundleSizes()).containsExactly(2, 1);
            assertThat(steps()).containsExactly("a1", "b1", "c1");
            assertThat(residentAdapters()).isEqualTo(1);
            assertThat(harness.adapters().values())
                    .extracting(adapter -> adapter.meta().adapterId(), a -> a.meta().step())
                    .containsExactly(tuple("a", 1L), tuple("b", 1L), tuple("c", 1L));
        }

        private void openWithCache(long bytes) throws Exception {
            harness = harness(UNREACHED, bytes, NEVER, Examples.named(NAMED), 0);
            harness.open();
        }

        private int residentAdapters() {
            return (int) harness.metrics().value(JobMetric.RESIDENT_ADAPTERS);
        }
    }

    private void open(int bundleTokens) throws Exception {
        harness = harness(bundleTokens, ALL_ADAPTERS, NEVER, Examples.named(NAMED), 0);
        harness.open();
    }

    private void restore(int bundleTokens, OperatorSubtaskState snapshot) throws Exception {
        harness = harness(bundleTokens, ALL_ADAPTERS, NEVER, Examples.named(NAMED), 0);
        harness.initializeState(snapshot);
        harness.open();
    }

    private TrainHarness harness(
            int bundleTokens,
            long cacheBytes,
            int everySteps,
            ConfiguredAdapters templates,
            int maxAdapters)
            throws Exception {
        return new TrainHarness(
                backend,
                model,
                everySteps,
                new TrainSettings(cacheBytes, maxAdapters, bundleTokens, Duration.ofMillis(LINGER)),
                templates,
                temp);
    }

    private void give(MicroBatch... batches) throws Exception {
        for (MicroBatch batch : batches) {
            harness.processElement(batch, 0);
        }
    }

    private static JudgedCommand publish(String adapterId) {
        return new JudgedCommand.Accepted(Commands.of(adapterId, ControlAction.PUBLISH), 1);
    }

    /** Adapter and step of every answer. */
    private List<String> answered() {
        return harness.side(TrainOutputs.ANSWERS).stream()
                .map(answer -> answer.getAdapterId() + answer.getStep())
                .toList();
    }

    /** Adapter and step of every report. */
    private List<String> steps() {
        return harness.extractOutputValues().stream()
                .map(report -> report.getAdapterId() + report.getStep())
                .toList();
    }

    private List<String> predictions() {
        return harness.side(TrainOutputs.PREDICTIONS).stream()
                .map(Prediction::getExampleId)
                .toList();
    }

    private Map<String, Prediction> predictionsByExample() {
        Map<String, Prediction> byExample = new HashMap<>();
        harness.side(TrainOutputs.PREDICTIONS)
                .forEach(prediction -> byExample.put(prediction.getExampleId(), prediction));
        return byExample;
    }

    private List<Tuple> letters() {
        return harness.side(DeadLetters.TAG).stream()
                .map(letter -> tuple(letter.getAdapterId(), letter.getReason()))
                .toList();
    }

    private List<String> versions() {
        return harness.side(TrainOutputs.RELEASES).stream()
                .map(release -> release.state().meta())
                .map(meta -> meta.adapterId() + meta.version() + "@" + meta.step())
                .toList();
    }

    private List<Integer> bundleSizes() {
        return values(JobMetric.BUNDLE_ADAPTERS);
    }

    private List<Integer> values(JobMetric histogram) {
        return LongStream.of(harness.metrics().values(histogram))
                .mapToObj(Math::toIntExact)
                .toList();
    }
}
