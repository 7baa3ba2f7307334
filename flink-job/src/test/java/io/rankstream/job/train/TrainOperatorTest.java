package io.rankstream.job.train;

import static io.rankstream.job.train.MicroBatches.FIRST_TOKEN;
import static io.rankstream.job.train.MicroBatches.batch;
import static io.rankstream.job.train.MicroBatches.poison;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.rankstream.adapters.model.bert.PoisonedBert;
import io.rankstream.adapters.provenance.Manifest;
import io.rankstream.adapters.settings.TrainingTemplate;
import io.rankstream.adapters.snapshot.AdapterSnapshot;
import io.rankstream.adapters.state.AdapterState;
import io.rankstream.job.batch.Examples;
import io.rankstream.job.batch.MicroBatch;
import io.rankstream.job.config.settings.AdapterSettings;
import io.rankstream.job.config.settings.AdapterStart;
import io.rankstream.job.config.settings.ConfiguredAdapters;
import io.rankstream.job.config.settings.TrainSettings;
import io.rankstream.job.encode.EncodedExample;
import io.rankstream.job.record.DeadLetters;
import io.rankstream.job.state.Backend;
import io.rankstream.job.version.AdapterReleaseSerializer;
import io.rankstream.schemas.DeadLetter;
import io.rankstream.schemas.DeadLetterReason;
import io.rankstream.schemas.Prediction;
import io.rankstream.schemas.TrainingReport;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.serialization.SerializerConfigImpl;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.formats.avro.typeutils.AvroSerializer;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.util.OutputTag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(Backend.class)
class TrainOperatorTest extends OperatorInHarness {

    TrainOperatorTest(Backend backend) {
        super(backend);
    }

    @Test
    void reportsEveryStepAndPredictsEveryExample() throws Exception {
        open(ALL_ADAPTERS, NEVER);

        harness.processElement(batch("spam", 0, 4), 0);

        assertThat(harness.extractOutputValues())
                .singleElement()
                .satisfies(
                        report -> {
                            assertThat(report.getAdapterId()).isEqualTo("spam");
                            assertThat(report.getStep()).isEqualTo(1);
                            assertThat(report.getExamples()).isEqualTo(4);
                            assertThat(report.getExamplesTotal()).isEqualTo(4);
                            assertThat(report.getTaskLoss()).isPositive();
                        });
        List<Prediction> predictions = side(TrainOutputs.PREDICTIONS);
        assertThat(predictions)
                .extracting(Prediction::getExampleId)
                .containsExactly("spam-0", "spam-1", "spam-2", "spam-3");
        assertThat(predictions)
                .allSatisfy(
                        prediction -> {
                            assertThat(prediction.getStep()).isEqualTo(1);
                            assertThat(Examples.LABELS)
                                    .contains(prediction.getPredictedLabel().toString());
                        });
        assertThat(predictions.get(2).getOffset()).isEqualTo(2);
        assertThat(predictions.get(2).getEventTime().toEpochMilli()).isEqualTo(2_000);
    }

    @Test
    void continuesTheSameRunAfterRestoresThoughOnlyOneAdapterFitsTheCache() throws Exception {
        List<MicroBatch> stream = stream(24);
        Heard uninterrupted = runThrough(Backend.HASH_MAP, stream);

        open(ONE_ADAPTER, NEVER);
        List<TrainingReport> reports = new ArrayList<>();
        for (int i = 0; i < stream.size(); i++) {
            harness.processElement(stream.get(i), 0);
            if (i % 7 == 3) {
                OperatorSubtaskState snapshot = harness.snapshot(i, i);
                reports.addAll(harness.extractOutputValues());
                harness.close();
                restore(ONE_ADAPTER, NEVER, snapshot);
            }
        }
        harness.getOperator().finish();
        reports.addAll(harness.extractOutputValues());

        assertThat(reports).isEqualTo(uninterrupted.reports());
        assertThat(bytes(side(TrainOutputs.RELEASES))).isEqualTo(uninterrupted.releases());
    }

    @Test
    void forgetsWhatWasTrainedAfterTheSnapshotItIsRestoredFrom() throws Exception {
        List<MicroBatch> stream = stream(16);
        Heard uninterrupted = runThrough(backend, stream);

        open(ONE_ADAPTER, NEVER);
        give(stream.subList(0, 8));
        OperatorSubtaskState snapshot = harness.snapshot(1, 1);
        give(stream.subList(0, 8));
        harness.close();
        restore(ONE_ADAPTER, NEVER, snapshot);
        give(stream.subList(8, 16));
        harness.getOperator().finish();

        assertThat(bytes(side(TrainOutputs.RELEASES))).isEqualTo(uninterrupted.releases());
    }

    @Test
    void writesAnAdapterToItsOwnKeyWhenItIsEvictedAndTheOthersAtASnapshot() throws Exception {
        open(ONE_ADAPTER, NEVER);

        give(List.of(batch("a", 0, 2), batch("b", 0, 2)));

        assertThat(stepInState("a")).isEqualTo(1);
        assertThat(stepInState("b")).isZero();
        harness.snapshot(1, 1);
        assertThat(stepInState("b")).isEqualTo(1);
    }

    @Test
    void leavesTheCurrentKeyAsItWasWhenItWritesOthers() throws Exception {
        open(ONE_ADAPTER, NEVER);

        give(List.of(batch("a", 0, 2), batch("b", 0, 2)));
        harness.snapshot(1, 1);

        assertThat(harness.getOperator().getCurrentKey()).isEqualTo("b");
    }

    @Test
    void takesASnapshotBeforeTheFirstExample() throws Exception {
        open(ONE_ADAPTER, NEVER);

        OperatorSubtaskState snapshot = harness.snapshot(1, 1);
        harness.close();
        restore(ONE_ADAPTER, NEVER, snapshot);
        give(List.of(batch("a", 0, 2)));

        assertThat(harness.extractOutputValues()).hasSize(1);
    }

    @Test
    void releasesAVersionEverySoManyStepsAndTheRestAtTheEnd() throws Exception {
        open(ONE_ADAPTER, 2);
        give(batches("a", 5));
        give(batches("b", 4));
        give(batches("c", 1));
        assertThat(versions()).containsExactly("a1@2", "a2@4", "b1@2", "b2@4");

        harness.getOperator().finish();

        assertThat(versions()).containsExactly("a1@2", "a2@4", "b1@2", "b2@4", "a3@5", "c1@1");
    }

    @Test
    void countsVersionsOnAfterARestore() throws Exception {
        open(ONE_ADAPTER, 2);
        give(batches("a", 3));
        OperatorSubtaskState snapshot = harness.snapshot(1, 1);
        harness.close();

        restore(ONE_ADAPTER, 2, snapshot);
        give(batches("a", 1));

        assertThat(versions()).containsExactly("a2@4");
    }

    @Test
    void releasesAtTheEndWhatOnlyStateKnowsAndOnlyOnce() throws Exception {
        open(ALL_ADAPTERS, NEVER);
        give(batches("a", 1));
        OperatorSubtaskState snapshot = harness.snapshot(1, 1);
        harness.close();

        restore(ALL_ADAPTERS, NEVER, snapshot);
        harness.getOperator().finish();
        assertThat(versions()).containsExactly("a1@1");
        OperatorSubtaskState drained = harness.snapshot(2, 2);
        harness.close();

        restore(ALL_ADAPTERS, NEVER, drained);
        harness.getOperator().finish();
        assertThat(versions()).isEmpty();
    }

    @Test
    void refusesAnExampleWithoutAFiniteLossAndTrainsTheRest() throws Exception {
        open(ALL_ADAPTERS, NEVER);
        List<EncodedExample> examples = new ArrayList<>(batch("spam", 0, 3).examples());
        examples.set(1, Examples.of("spam", 1, 0, FIRST_TOKEN, PoisonedBert.POISON));

        give(List.of(new MicroBatch("spam", examples)));

        assertThat(side(DeadLetters.TAG))
                .singleElement()
                .satisfies(
                        letter -> {
                            assertThat(letter.getReason()).isEqualTo(DeadLetterReason.NOT_FINITE);
                            assertThat(letter.getAdapterId()).isEqualTo("spam");
                            assertThat(letter.getOffset()).isEqualTo(1);
                            assertThat(letter.getValue())
                                    .isEqualTo(
                                            ByteBuffer.wrap(
                                                    "record 1".getBytes(StandardCharsets.UTF_8)));
                        });
        assertThat(side(TrainOutputs.PREDICTIONS))
                .extracting(Prediction::getOffset)
                .containsExactly(0L, 2L);
        assertThat(harness.extractOutputValues())
                .singleElement()
                .extracting(TrainingReport::getExamples)
                .isEqualTo(2);
    }

    @Test
    void takesNoStepWhenEveryExampleIsRefused() throws Exception {
        open(ALL_ADAPTERS, NEVER);

        give(List.of(poison("spam")));
        harness.getOperator().finish();

        assertThat(side(DeadLetters.TAG)).hasSize(1);
        assertThat(harness.extractOutputValues()).isEmpty();
        assertThat(side(TrainOutputs.PREDICTIONS)).isEmpty();
        assertThat(versions()).isEmpty();
    }

    @Test
    void refusesBatchesOfAnAdapterThatTheConfigurationNoLongerNames() throws Exception {
        open(ALL_ADAPTERS, NEVER);

        give(batches("unknown", 1));

        assertThat(side(DeadLetters.TAG))
                .hasSize(2)
                .extracting(DeadLetter::getReason)
                .containsOnly(DeadLetterReason.UNKNOWN_ADAPTER);
        assertThat(harness.extractOutputValues()).isEmpty();
    }

    @Test
    void refusesBatchesOfAnAdapterWhoseSettingsHaveChangedAndTrainsTheOthers() throws Exception {
        open(ALL_ADAPTERS, NEVER);
        give(batches("a", 1));
        OperatorSubtaskState snapshot = harness.snapshot(1, 1);
        harness.close();

        harness =
                harness(
                        backend,
                        ALL_ADAPTERS,
                        NEVER,
                        Map.of("a", Examples.ofRank(3), "b", TEMPLATE));
        harness.initializeState(snapshot);
        harness.open();
        give(batches("a", 1));
        give(batches("b", 1));
        harness.getOperator().finish();

        assertThat(side(DeadLetters.TAG))
                .hasSize(2)
                .allSatisfy(
                        letter -> {
                            assertThat(letter.getReason())
                                    .isEqualTo(DeadLetterReason.ADAPTER_MISMATCH);
                            assertThat(letter.getMessage()).contains("initial rank 2, expected 3");
                        });
        assertThat(versions()).containsExactly("b1@1");
        assertThat(stepInState("a")).isEqualTo(1);
    }

    @Test
    void startsANewAdapterFromASnapshotAndTrainsOn() throws Exception {
        AdapterState trained = trained("spam", 3);
        Path file = Files.write(temp.resolve("spam.safetensors"), AdapterSnapshot.of(trained));

        openStarting(TEMPLATE, file);
        give(batches("a", 1));

        assertThat(harness.extractOutputValues())
                .extracting(TrainingReport::getAdapterId, TrainingReport::getStep)
                .containsExactly(tuple("a", 4L));
        assertThat(harness.extractOutputValues().get(0).getExamplesTotal())
                .isEqualTo(trained.meta().score().examples() + 2);
    }

    @Test
    void needsTheSnapshotNoMoreOnceTheAdapterIsInState() throws Exception {
        Path file =
                Files.write(
                        temp.resolve("spam.safetensors"), AdapterSnapshot.of(trained("spam", 3)));
        openStarting(TEMPLATE, file);
        give(batches("a", 1));
        OperatorSubtaskState snapshot = harness.snapshot(0, 0);
        harness.close();
        Files.delete(file);

        harness = starting(TEMPLATE, file);
        harness.initializeState(snapshot);
        harness.open();
        give(batches("a", 1));

        assertThat(harness.extractOutputValues())
                .extracting(TrainingReport::getStep)
                .containsExactly(5L);
    }

    @Test
    void refusesExamplesOfAnAdapterWhoseSnapshotDoesNotFit() throws Exception {
        Path file =
                Files.write(
                        temp.resolve("spam.safetensors"), AdapterSnapshot.of(trained("spam", 1)));

        openStarting(Examples.ofRank(3), file);
        give(batches("a", 1));

        assertThat(side(DeadLetters.TAG))
                .hasSize(2)
                .allSatisfy(
                        letter -> {
                            assertThat(letter.getReason())
                                    .isEqualTo(DeadLetterReason.ADAPTER_MISMATCH);
                            assertThat(letter.getMessage())
                                    .contains("cannot start from", "initial rank 2, expected 3");
                        });
    }

    @Test
    void anAdapterThatBeginsAnewCountsOnFromItsPublishedVersions() throws Exception {
        Path published = Files.createDirectories(temp.resolve("adapters/a/v00000007"));
        Files.writeString(published.resolve(Manifest.FILE), "{}");
        Files.createDirectories(temp.resolve("adapters/a/v00000008")); // was never completed
        open(ALL_ADAPTERS, 2);

        give(batches("a", 4));
        give(batches("b", 2));

        assertThat(versions()).containsExactly("a8@2", "a9@4", "b1@2");
    }

    @Test
    void createsNoMoreAdaptersWithoutSettingsOfTheirOwnThanTheLimit() throws Exception {
        openWithLimit(2);
        give(List.of(batch("x", 0, 2), batch("y", 0, 2), batch("z", 0, 2), batch("a", 0, 2)));
        OperatorSubtaskState snapshot = harness.snapshot(1, 1);

        assertThat(side(DeadLetters.TAG))
                .hasSize(2)
                .allSatisfy(
                        letter -> {
                            assertThat(letter.getReason())
                                    .isEqualTo(DeadLetterReason.ADAPTER_LIMIT);
                            assertThat(letter.getAdapterId()).isEqualTo("z");
                            assertThat(letter.getMessage()).contains("the 2", "train.max-adapters");
                        });
        assertThat(harness.extractOutputValues())
                .extracting(TrainingReport::getAdapterId)
                .containsExactly("x", "y", "a");
        harness.close();
        harness = withLimit(2, ALL_ADAPTERS);
        harness.initializeState(snapshot);
        harness.open();
        give(List.of(batch("z", 0, 2), batch("x", 0, 2)));
        assertThat(side(DeadLetters.TAG)).hasSize(2);
        assertThat(harness.extractOutputValues()).hasSize(1);
    }

    @Test
    void countsAnAdapterOnceHoweverManyOfItsFirstExamplesAreRefused() throws Exception {
        harness = withLimit(1, ONE_ADAPTER);
        harness.open();

        give(List.of(poison("x"), batch("a", 0, 2), poison("x"), batch("a", 0, 2)));
        give(List.of(batch("x", 0, 2), batch("y", 0, 2)));

        assertThat(harness.extractOutputValues())
                .extracting(TrainingReport::getAdapterId)
                .containsExactly("a", "a", "x");
        assertThat(side(DeadLetters.TAG))
                .extracting(DeadLetter::getReason)
                .containsExactly(
                        DeadLetterReason.NOT_FINITE,
                        DeadLetterReason.NOT_FINITE,
                        DeadLetterReason.ADAPTER_LIMIT,
                        DeadLetterReason.ADAPTER_LIMIT);
    }

    private void openWithLimit(int limit) throws Exception {
        harness = withLimit(limit, ALL_ADAPTERS);
        harness.open();
    }

    private TrainHarness withLimit(int limit, long cacheBytes) throws Exception {
        return new TrainHarness(
                backend,
                model,
                NEVER,
                new TrainSettings(cacheBytes, limit, 0, Duration.ZERO),
                Examples.named(Map.of("a", TEMPLATE)).withOthers(new AdapterSettings(TEMPLATE)),
                temp);
    }

    /** State of an adapter after some steps. */
    private AdapterState trained(String adapterId, int steps) throws Exception {
        open(ALL_ADAPTERS, steps);
        give(batches(adapterId, steps));
        AdapterState state = side(TrainOutputs.RELEASES).get(0).state();
        harness.close();
        return state;
    }

    private void openStarting(TrainingTemplate template, Path file) throws Exception {
        harness = starting(template, file);
        harness.open();
    }

    private static AdapterStart snapshot(Path file) {
        return new AdapterStart.Snapshot(file.toUri().toString());
    }

    private TrainHarness starting(TrainingTemplate template, Path file) throws Exception {
        return new TrainHarness(
                backend,
                model,
                NEVER,
                new TrainSettings(ALL_ADAPTERS, 0, 0, Duration.ZERO),
                ConfiguredAdapters.NONE.with("a", new AdapterSettings(template, snapshot(file))),
                temp);
    }

    @Test
    void takesLabelsFromTheConfigurationOfTheStep() throws Exception {
        harness =
                harness(
                        backend,
                        ALL_ADAPTERS,
                        NEVER,
                        Map.of("a", Examples.template(List.of("spam", "eggs"))));
        harness.open();

        give(
                List.of(
                        new MicroBatch(
                                "a",
                                List.of(
                                        Examples.of("a", 0, 0, FIRST_TOKEN),
                                        Examples.of("a", 1, 1, FIRST_TOKEN)))));

        assertThat(side(DeadLetters.TAG))
                .singleElement()
                .satisfies(
                        letter -> {
                            assertThat(letter.getReason())
                                    .isEqualTo(DeadLetterReason.UNKNOWN_LABEL);
                            assertThat(letter.getMessage())
                                    .isEqualTo(
                                            "label 'ham' of adapter 'a' is unknown, expected one of 'spam', 'eggs'");
                        });
        harness.getOperator().finish();
        assertThat(side(TrainOutputs.RELEASES).get(0).state().meta().score().labelCounts())
                .containsExactly(1, 0);
    }

    @Test
    void serializesItsOutputsWithoutAGenericSerializer() {
        for (OutputTag<?> tag : List.of(TrainOutputs.PREDICTIONS, DeadLetters.TAG)) {
            assertThat(tag.getTypeInfo().createSerializer(new SerializerConfigImpl()))
                    .isInstanceOf(AvroSerializer.class);
        }
        assertThat(TrainOutputs.RELEASES.getTypeInfo().createSerializer(new SerializerConfigImpl()))
                .isEqualTo(AdapterReleaseSerializer.INSTANCE);
    }

    @Test
    void predictionsAndReportsSurviveFlinksSerializer() throws Exception {
        open(ALL_ADAPTERS, NEVER);
        give(batches("spam", 1));

        TypeSerializer<Prediction> predictions =
                TrainOutputs.PREDICTIONS.getTypeInfo().createSerializer(new SerializerConfigImpl());
        Prediction prediction = side(TrainOutputs.PREDICTIONS).get(0);
        TrainingReport report = harness.extractOutputValues().get(0);

        assertThat(predictions.copy(prediction)).isEqualTo(prediction);
        assertThat(new AvroSerializer<>(TrainingReport.class).copy(report)).isEqualTo(report);
    }
}
