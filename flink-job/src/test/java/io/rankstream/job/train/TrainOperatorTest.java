package io.rankstream.job.train;

import static io.rankstream.job.train.MicroBatches.FIRST_TOKEN;
import static io.rankstream.job.train.MicroBatches.batch;
import static io.rankstream.job.train.MicroBatches.poison;
import static io.rankstream.job.train.MicroBatches.unlabeled;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.rankstream.adapters.model.ModelSource;
import io.rankstream.adapters.model.bert.PoisonedBert;
import io.rankstream.adapters.provenance.Manifest;
import io.rankstream.adapters.settings.TrainingTemplate;
import io.rankstream.adapters.snapshot.AdapterSnapshot;
import io.rankstream.adapters.state.AdapterMeta;
import io.rankstream.adapters.state.AdapterState;
import io.rankstream.job.batch.Commands;
import io.rankstream.job.batch.Examples;
import io.rankstream.job.batch.JudgedCommand;
import io.rankstream.job.batch.MicroBatch;
import io.rankstream.job.config.settings.AdapterSettings;
import io.rankstream.job.config.settings.AdapterStart;
import io.rankstream.job.config.settings.ConfiguredAdapters;
import io.rankstream.job.config.settings.TrainSettings;
import io.rankstream.job.encode.EncodedExample;
import io.rankstream.job.record.DeadLetters;
import io.rankstream.job.state.Backend;
import io.rankstream.job.version.AdapterRelease;
import io.rankstream.job.version.AdapterReleaseSerializer;
import io.rankstream.schemas.CommandAnswer;
import io.rankstream.schemas.CommandOutcome;
import io.rankstream.schemas.ControlAction;
import io.rankstream.schemas.ControlCommand;
import io.rankstream.schemas.DeadLetter;
import io.rankstream.schemas.DeadLetterReason;
import io.rankstream.schemas.Prediction;
import io.rankstream.schemas.TrainingReport;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.flink.api.common.serialization.SerializerConfigImpl;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.apache.flink.formats.avro.typeutils.AvroSerializer;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.util.FileUtils;
import org.apache.flink.util.OutputTag;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@ParameterizedClass
@EnumSource(Backend.class)
class TrainOperatorTest {

    private static final long ONE_ADAPTER = 1;
    private static final long ALL_ADAPTERS = 1L << 30;
    private static final int NEVER = 1_000_000;

    private static final TrainingTemplate TEMPLATE = Examples.TEMPLATE;
    private static final Map<String, TrainingTemplate> NAMED =
            Map.of("a", TEMPLATE, "b", TEMPLATE, "c", TEMPLATE, "spam", TEMPLATE);

    private static ModelSource model;

    @TempDir Path temp;

    private final Backend backend;
    private TrainHarness harness;

    TrainOperatorTest(Backend backend) {
        this.backend = backend;
    }

    /** What a run of the operator said. */
    private record Heard(List<TrainingReport> reports, List<String> releases) {}

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
                            assertThat(letter.getMessage())
                                    .contains(
                                            "initial rank 2, but base model and configuration have 3");
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
                                    .contains(
                                            "cannot start from", "initial rank 2, but base model");
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

    @Nested
    class Command {

        @Test
        void publishesNowAndNothingTwice() throws Exception {
            open(ALL_ADAPTERS, NEVER);
            give(batches("a", 2));

            carryOut(Commands.of("a", ControlAction.PUBLISH));
            carryOut(Commands.of("a", ControlAction.PUBLISH));

            assertThat(versions()).containsExactly("a1@2");
            assertThat(answers())
                    .extracting(CommandAnswer::getOutcome)
                    .containsExactly(CommandOutcome.DONE, CommandOutcome.DONE);
            assertThat(answers().get(1).getMessage())
                    .isEqualTo("no step was taken since version 1, which stays the newest");
        }

        @Test
        void rollsBackToAPublishedVersionBitForBitAndLeavesTheOthersAlone() throws Exception {
            open(ONE_ADAPTER, 3);
            give(batches("a", 3));
            give(batches("b", 2));
            harness.publish(temp);
            AdapterState published = side(TrainOutputs.RELEASES).get(0).state();
            give(batches("a", 2));

            carryOut(rollBack("a", 1));
            harness.snapshot(1, 1);

            assertThat(versions()).containsExactly("a1@3", "a2@3");
            AdapterState returned = side(TrainOutputs.RELEASES).get(1).state();
            assertThat(returned).isEqualTo(published.withVersionAfter(2));
            assertThat(answers())
                    .singleElement()
                    .satisfies(
                            answer -> {
                                assertThat(answer.getOutcome()).isEqualTo(CommandOutcome.DONE);
                                assertThat(answer.getMessage())
                                        .contains("from step 5 to version 1 of step 3");
                                assertThat(answer.getVersion()).isEqualTo(2);
                            });
            assertThat(stepInState("a")).isEqualTo(3);
            assertThat(stepInState("b")).isEqualTo(2);
        }

        @Test
        void rollsBackSoThatTheSameExamplesLeadToTheSameState() throws Exception {
            open(ALL_ADAPTERS, 3);
            give(batches("a", 3));
            harness.publish(temp);
            give(batches("a", 3));
            carryOut(rollBack("a", 1));

            give(batches("a", 3));

            List<AdapterRelease> releases = side(TrainOutputs.RELEASES);
            assertThat(versions()).containsExactly("a1@3", "a2@6", "a3@3", "a4@6");
            assertThat(releases.get(3).state())
                    .isEqualTo(releases.get(1).state().withVersionAfter(4));
        }

        @ParameterizedTest
        @ValueSource(longs = {2, Long.MAX_VALUE})
        void refusesToRollBackToAVersionThatIsNone(long version) throws Exception {
            open(ALL_ADAPTERS, NEVER);
            give(batches("a", 1));
            carryOut(Commands.of("a", ControlAction.PUBLISH));
            harness.publish(temp);

            carryOut(rollBack("a", version));

            assertThat(answers().get(1).getOutcome()).isEqualTo(CommandOutcome.REFUSED);
            assertThat(answers().get(1).getMessage()).contains("expected one of", "1 to 1");
            assertThat(versions()).containsExactly("a1@1");
        }

        @Test
        void refusesToRollBackToAVersionWhoseFilesAreNotWhatTheManifestSays() throws Exception {
            open(ALL_ADAPTERS, 2);
            give(batches("a", 2));
            harness.publish(temp);
            Path snapshot =
                    temp.resolve("adapters").resolve("a/v00000001").resolve(AdapterSnapshot.FILE);
            byte[] damaged = Files.readAllBytes(snapshot);
            damaged[damaged.length - 1] ^= 1;
            Files.write(snapshot, damaged);
            give(batches("a", 1));

            carryOut(rollBack("a", 1));
            give(batches("a", 1));

            assertThat(answers())
                    .singleElement()
                    .satisfies(
                            answer -> {
                                assertThat(answer.getOutcome()).isEqualTo(CommandOutcome.REFUSED);
                                assertThat(answer.getMessage())
                                        .contains("adapter 'a'", "is not what manifest.json lists");
                            });
            assertThat(versions()).containsExactly("a1@2", "a2@4");
        }

        @ParameterizedTest
        @EnumSource(Tampering.class)
        void refusesToRollBackToWhatIsNotThatVersionOfThatAdapter(Tampering tampering)
                throws Exception {
            open(ALL_ADAPTERS, 2);
            give(batches("a", 2));
            give(batches("b", 2));
            give(batches("a", 2));
            harness.publish(temp);
            Path versions = temp.resolve("adapters");
            tampering.strike(versions.resolve("a/v00000001"), versions);
            give(batches("a", 1));

            carryOut(rollBack("a", 1));
            give(batches("a", 1));
            give(batches("b", 2));

            assertThat(answers())
                    .singleElement()
                    .satisfies(
                            answer -> {
                                assertThat(answer.getOutcome()).isEqualTo(CommandOutcome.REFUSED);
                                assertThat(answer.getMessage())
                                        .contains("v00000001", "adapter 'a'")
                                        .doesNotContain("\n");
                            });
            assertThat(versions()).containsExactly("a1@2", "b1@2", "a2@4", "a3@6", "b2@4");
        }

        @Test
        void resetsToStepZeroAndCountsVersionsOn() throws Exception {
            open(ALL_ADAPTERS, 2);
            give(batches("a", 2));

            carryOut(Commands.of("a", ControlAction.RESET));
            give(batches("a", 2));

            assertThat(versions()).containsExactly("a1@2", "a2@2");
            List<AdapterRelease> releases = side(TrainOutputs.RELEASES);
            assertThat(releases.get(1).state())
                    .isEqualTo(releases.get(0).state().withVersionAfter(2));
        }

        @Test
        void setsTheBudgetOfOneAdapter() throws Exception {
            open(ALL_ADAPTERS, NEVER);
            give(batches("a", 8));
            give(batches("b", 8));
            int before = lastReport().getBudget();
            ControlCommand command = Commands.of("a", ControlAction.SET_BUDGET);
            command.setBudget(before + 1);

            carryOut(command);
            give(batches("a", 2));
            assertThat(lastReport().getBudget()).isEqualTo(before + 1);
            assertThat(lastReport().getLiveRanks().stream().mapToInt(rank -> rank).sum())
                    .isEqualTo(before + 1);
            give(batches("b", 2));
            assertThat(lastReport().getBudget()).isEqualTo(before);
        }

        @Test
        void refusesABudgetAboveItsTriplets() throws Exception {
            open(ALL_ADAPTERS, NEVER);
            give(batches("a", 1));
            ControlCommand command = Commands.of("a", ControlAction.SET_BUDGET);
            command.setBudget(Integer.MAX_VALUE);

            carryOut(command);

            assertThat(answers())
                    .singleElement()
                    .satisfies(
                            answer -> {
                                assertThat(answer.getOutcome()).isEqualTo(CommandOutcome.REFUSED);
                                assertThat(answer.getMessage()).contains("expected 1 to");
                            });
        }

        @ParameterizedTest
        @EnumSource(
                mode = EnumSource.Mode.EXCLUDE,
                names = {"UNKNOWN", "PAUSE", "RESUME"})
        void isRefusedBeforeTheFirstExample(ControlAction action) throws Exception {
            open(ALL_ADAPTERS, NEVER);

            carryOut(Commands.of("a", action));

            assertThat(answers())
                    .singleElement()
                    .satisfies(
                            answer -> {
                                assertThat(answer.getStep()).isZero();
                                assertThat(answer.getOutcome()).isEqualTo(CommandOutcome.REFUSED);
                                assertThat(answer.getMessage()).contains("has not learned");
                            });
            assertThat(harness.extractOutputValues()).isEmpty();
        }

        @Test
        void isRefusedAsLongAsEveryExampleWas() throws Exception {
            open(ALL_ADAPTERS, NEVER);
            give(List.of(poison("a"), unlabeled("a")));

            carryOut(Commands.of("a", ControlAction.PUBLISH));
            harness.getOperator().finish();

            assertThat(answers())
                    .singleElement()
                    .satisfies(
                            answer -> {
                                assertThat(answer.getOutcome()).isEqualTo(CommandOutcome.REFUSED);
                                assertThat(answer.getMessage()).contains("has not learned");
                            });
            assertThat(versions()).isEmpty();
        }

        @Test
        void thatIsJudgedAlreadyIsAnswered() throws Exception {
            open(ALL_ADAPTERS, NEVER);
            ControlCommand command = Commands.of("a", ControlAction.PAUSE);

            harness.processElement(
                    new JudgedCommand.Answered(command, 4, CommandOutcome.STALE, "too late"), 0);

            assertThat(answers())
                    .containsExactly(
                            new CommandAnswer(
                                    command.getCommandId(),
                                    "PAUSE",
                                    CommandOutcome.STALE,
                                    "too late",
                                    4L,
                                    0L,
                                    "a",
                                    0L,
                                    0L));
        }

        private ControlCommand rollBack(String adapterId, long version) {
            ControlCommand command = Commands.of(adapterId, ControlAction.ROLL_BACK);
            command.setVersion(version);
            return command;
        }

        private void carryOut(ControlCommand command) throws Exception {
            harness.processElement(new JudgedCommand.Accepted(command, 1), 0);
        }

        private List<CommandAnswer> answers() {
            return harness.side(TrainOutputs.ANSWERS);
        }

        private TrainingReport lastReport() {
            List<TrainingReport> reports = harness.extractOutputValues();
            return reports.get(reports.size() - 1);
        }
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

    @SuppressWarnings("try") // the harness declares that closing throws any exception
    private Heard runThrough(Backend chosen, List<MicroBatch> stream) throws Exception {
        try (TrainHarness run = harness(chosen, ALL_ADAPTERS, NEVER, NAMED)) {
            run.open();
            for (MicroBatch batch : stream) {
                run.processElement(batch, 0);
            }
            run.getOperator().finish();
            return new Heard(run.extractOutputValues(), bytes(run.side(TrainOutputs.RELEASES)));
        }
    }

    private TrainHarness harness(
            Backend chosen,
            long cacheBytes,
            int everySteps,
            Map<String, TrainingTemplate> templates)
            throws Exception {
        return new TrainHarness(
                chosen,
                model,
                everySteps,
                new TrainSettings(cacheBytes, 0, 0, Duration.ZERO),
                Examples.named(templates),
                temp);
    }

    private void open(long cacheBytes, int everySteps) throws Exception {
        harness = harness(backend, cacheBytes, everySteps, NAMED);
        harness.open();
    }

    private void restore(long cacheBytes, int everySteps, OperatorSubtaskState snapshot)
            throws Exception {
        harness = harness(backend, cacheBytes, everySteps, NAMED);
        harness.initializeState(snapshot);
        harness.open();
    }

    private void give(List<MicroBatch> batches) throws Exception {
        for (MicroBatch batch : batches) {
            harness.processElement(batch, 0);
        }
    }

    /** Micro-batches of three adapters in changing order. */
    private static List<MicroBatch> stream(int batches) {
        SplittableRandom random = new SplittableRandom(5);
        List<String> adapters = List.of("a", "b", "c");
        return IntStream.range(0, batches)
                .mapToObj(i -> batch(adapters.get(random.nextInt(3)), i, 3))
                .toList();
    }

    private static List<MicroBatch> batches(String adapterId, int count) {
        return IntStream.range(0, count).mapToObj(i -> batch(adapterId, i, 2)).toList();
    }

    /** Step of the adapter as its keyed state knows it; 0 without any. */
    private long stepInState(String adapterId) throws Exception {
        TrainOperator operator = (TrainOperator) harness.getOperator();
        operator.setCurrentKey(adapterId);
        AdapterMeta meta = operator.getKeyedStateStore().getState(AdapterStates.META).value();
        return meta == null ? 0 : meta.step();
    }

    private <T> List<T> side(OutputTag<T> tag) {
        return harness.side(tag);
    }

    private List<String> versions() {
        return side(TrainOutputs.RELEASES).stream()
                .map(release -> release.state().meta())
                .map(meta -> meta.adapterId() + meta.version() + "@" + meta.step())
                .toList();
    }

    /** Every bit of the releases. */
    private static List<String> bytes(List<AdapterRelease> releases) throws IOException {
        List<String> bytes = new ArrayList<>();
        for (AdapterRelease release : releases) {
            DataOutputSerializer target = new DataOutputSerializer(1024);
            AdapterReleaseSerializer.INSTANCE.serialize(release, target);
            bytes.add(HexFormat.of().formatHex(target.getCopyOfBuffer()));
        }
        return bytes;
    }

    /** How a published version is made to be something else. */
    private enum Tampering {
        IS_OF_ANOTHER_ADAPTER {
            @Override
            void strike(Path version, Path versions) throws IOException {
                copy(versions.resolve("b/v00000001"), version);
            }
        },
        IS_ANOTHER_VERSION {
            @Override
            void strike(Path version, Path versions) throws IOException {
                copy(versions.resolve("a/v00000002"), version);
            }
        },
        IS_A_LINK_TO_ANOTHER_ADAPTER {
            @Override
            void strike(Path version, Path versions) throws IOException {
                FileUtils.deleteDirectory(version.toFile());
                Files.createSymbolicLink(version, versions.resolve("b/v00000001"));
            }
        },
        HAS_A_MANIFEST_THAT_CALLS_ANOTHER_ADAPTER_BY_ITS_NAME {
            @Override
            void strike(Path version, Path versions) throws IOException {
                copy(versions.resolve("b/v00000001"), version);
                replaceInManifest(version, "\"adapter\": \"b\"", "\"adapter\": \"a\"");
            }
        },
        HAS_A_MANIFEST_THAT_LEADS_OUT {
            @Override
            void strike(Path version, Path versions) throws IOException {
                replaceInManifest(version, "labels.json", "../../b/v00000001/labels.json");
            }
        },
        HAS_A_MANIFEST_THAT_LISTS_NOTHING {
            @Override
            void strike(Path version, Path versions) throws IOException {
                Files.writeString(
                        version.resolve("manifest.json"),
                        "{\"formatVersion\": 1, \"adapter\": \"a\", \"version\": 1, \"files\": []}");
            }
        },
        HAS_A_MANIFEST_OF_NULL {
            @Override
            void strike(Path version, Path versions) throws IOException {
                Files.writeString(version.resolve("manifest.json"), "null");
            }
        },
        HAS_A_DEEP_MANIFEST {
            @Override
            void strike(Path version, Path versions) throws IOException {
                Files.writeString(version.resolve("manifest.json"), "[".repeat(100_000));
            }
        },
        HAS_A_FOLDER_FOR_A_MANIFEST {
            @Override
            void strike(Path version, Path versions) throws IOException {
                Files.delete(version.resolve("manifest.json"));
                Files.createDirectory(version.resolve("manifest.json"));
            }
        },
        LACKS_ANOTHER_FILE {
            @Override
            void strike(Path version, Path versions) throws IOException {
                Files.delete(version.resolve("labels.json"));
            }
        },
        IS_A_FILE {
            @Override
            void strike(Path version, Path versions) throws IOException {
                FileUtils.deleteDirectory(version.toFile());
                Files.writeString(version, "mine");
            }
        };

        abstract void strike(Path version, Path versions) throws IOException;

        private static void copy(Path from, Path to) throws IOException {
            FileUtils.deleteDirectory(to.toFile());
            try (Stream<Path> files = Files.walk(from)) {
                for (Path file : files.toList()) {
                    Files.copy(file, to.resolve(from.relativize(file).toString()));
                }
            }
        }

        private static void replaceInManifest(Path version, String found, String other)
                throws IOException {
            Path manifest = version.resolve("manifest.json");
            String text = Files.readString(manifest);
            assertThat(text).contains(found);
            Files.writeString(manifest, text.replace(found, other));
        }
    }
}
