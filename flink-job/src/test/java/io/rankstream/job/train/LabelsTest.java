package io.rankstream.job.train;

import static io.rankstream.job.train.MicroBatches.batch;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.rankstream.adapters.model.ModelSource;
import io.rankstream.adapters.model.bert.PoisonedBert;
import io.rankstream.adapters.settings.TrainingTemplate;
import io.rankstream.adapters.snapshot.AdapterSnapshot;
import io.rankstream.adapters.state.AdapterState;
import io.rankstream.adapters.version.AdapterFiles;
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
import io.rankstream.schemas.CommandAnswer;
import io.rankstream.schemas.CommandOutcome;
import io.rankstream.schemas.ControlAction;
import io.rankstream.schemas.ControlCommand;
import io.rankstream.schemas.DeadLetter;
import io.rankstream.schemas.DeadLetterReason;
import io.rankstream.schemas.Prediction;
import io.rankstream.schemas.TrainingReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Labels of adapters in state: changed by the configuration, by commands, and by both. */
@ParameterizedClass
@EnumSource(Backend.class)
class LabelsTest {

    private static final int NEVER = 1_000_000;

    private static ModelSource model;

    @TempDir Path temp;

    private final Backend backend;
    private TrainHarness harness;
    private int next;

    LabelsTest(Backend backend) {
        this.backend = backend;
    }

    @BeforeAll
    static void writeModel(@TempDir Path directory) throws IOException {
        model = PoisonedBert.writeTo(directory);
    }

    @AfterEach
    void close() throws Exception {
        harness.close();
    }

    @Nested
    class AChangedConfiguration {

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "spam, ham",
                    "ham, spam, eggs",
                    "eggs, spam, toast, ham",
                    "ham, spam, caf\u00e9",
                })
        void leavesEveryAdapterLearning(String labels) throws Exception {
            openWith("ham, spam");
            for (String adapter : List.of("a", "b", "c")) {
                give(adapter, "ham", "spam");
            }
            OperatorSubtaskState snapshot = snapshot();

            restoreWith(labels, snapshot);
            for (String adapter : List.of("a", "b", "c")) {
                give(adapter, labels.split(", "));
            }

            assertThat(letters()).isEmpty();
            assertThat(steps()).containsExactly("a@2", "b@2", "c@2");
        }

        @Test
        void changesNothingButTheLabelsUntilTheNextStep() throws Exception {
            openWith("ham, spam");
            give("a", "ham", "spam");
            OperatorSubtaskState snapshot = snapshot();
            AdapterState before = harness.adapters().get("a");

            restoreWith("spam, ham, eggs", snapshot);
            carryOut(Commands.of("a", ControlAction.PUBLISH));

            AdapterState after = harness.side(TrainOutputs.RELEASES).get(0).state();
            assertThat(after.triplets()).isEqualTo(before.triplets());
            assertThat(after.importance()).isEqualTo(before.importance());
            assertThat(after.budget()).isEqualTo(before.budget());
            assertThat(after.head().weight()).startsWith(before.head().weight());
            assertThat(after.head().bias()).startsWith(before.head().bias());
            assertThat(after.head().labels().active()).containsExactly("ham", "spam", "eggs");
        }

        @Test
        void inAnotherOrderIsNoChangeInTraining() throws Exception {
            openWith("ham, spam");
            give("a", "ham", "spam");
            OperatorSubtaskState snapshot = snapshot();
            give("a", "spam", "ham");
            harness.snapshot(2, 2);
            AdapterState undisturbed = harness.adapters().get("a");

            next -= 2;
            restoreWith("spam, ham", snapshot);
            give("a", "spam", "ham");
            harness.snapshot(2, 2);

            AdapterState other = harness.adapters().get("a");
            assertThat(other.triplets()).isEqualTo(undisturbed.triplets());
            assertThat(other.moments()).isEqualTo(undisturbed.moments());
            assertThat(other.head().weight()).isEqualTo(undisturbed.head().weight());
            assertThat(other.meta()).isEqualTo(undisturbed.meta());
        }

        @Test
        void retiresWhatItLeavesOutAndSaysSoOfItsExamples() throws Exception {
            openWith("ham, spam, eggs");
            give("a", "ham", "spam", "eggs");
            OperatorSubtaskState snapshot = snapshot();

            restoreWith("ham, spam", snapshot);
            give("a", "ham", "eggs");
            give("a", "beans");

            assertThat(letters())
                    .containsExactly(
                            "UNKNOWN_LABEL label 'eggs' of adapter 'a' is retired, expected one of 'ham', 'spam'; take it back with control add-label, and replay this letter",
                            "UNKNOWN_LABEL label 'beans' of adapter 'a' is unknown, expected one of 'ham', 'spam'");
            assertThat(steps()).containsExactly("a@2");
        }

        @Test
        void doesNotTakeBackWhatACommandDid() throws Exception {
            openWith("ham, spam");
            give("a", "ham", "spam");
            carryOut(labels("a", ControlAction.ADD_LABEL, "eggs"));
            OperatorSubtaskState snapshot = snapshot();

            restoreWith("spam, ham, toast", snapshot);
            give("a", "ham", "eggs", "toast");

            assertThat(letters()).isEmpty();
            assertThat(reports().get(0).getLabelRevision()).isEqualTo(3);
        }
    }

    @Nested
    class ACommand {

        @Test
        void addsLabelsToOneAdapterThatIsRunning() throws Exception {
            openWith("ham, spam");
            give("a", "ham", "spam");
            give("b", "ham", "spam");

            carryOut(labels("a", ControlAction.ADD_LABEL, "eggs", "toast"));
            give("a", "eggs", "toast", "ham");
            give("b", "eggs");

            assertThat(answers().get(0).getOutcome()).isEqualTo(CommandOutcome.DONE);
            assertThat(answers().get(0).getMessage())
                    .isEqualTo(
                            "label revision 2; in use are 'ham', 'spam', 'eggs', 'toast'; so from step 2 on, and in the next version, at step 1000000 or sooner by 'publish'");
            assertThat(letters()).singleElement().asString().contains("adapter 'b' is unknown");
            assertThat(predictions()).extracting(Prediction::getLabel).contains("eggs", "toast");
            assertThat(predictions())
                    .filteredOn(prediction -> prediction.getStep() == 2)
                    .extracting(Prediction::getLabelRevision)
                    .containsOnly(2L);
        }

        @Test
        void leavesTheOtherRowsBitForBit() throws Exception {
            openWith("ham, spam");
            give("a", "ham", "spam");
            harness.snapshot(1, 1);
            AdapterState before = harness.adapters().get("a");

            carryOut(labels("a", ControlAction.ADD_LABEL, "eggs"));
            harness.snapshot(2, 2);

            AdapterState after = harness.adapters().get("a");
            assertThat(after.triplets()).isEqualTo(before.triplets());
            assertThat(after.importance()).isEqualTo(before.importance());
            assertThat(after.head().weight()).startsWith(before.head().weight());
            assertThat(after.moments().headFirst()).hasSize(3 * (after.head().hidden() + 1));
        }

        @Test
        void retiresALabelWhichComesBackWithWhatItKnew() throws Exception {
            openWith("ham, spam, eggs");
            give("a", "ham", "spam", "eggs");
            harness.snapshot(1, 1);
            AdapterState before = harness.adapters().get("a");

            carryOut(labels("a", ControlAction.RETIRE_LABEL, "eggs"));
            give("a", "eggs");
            carryOut(labels("a", ControlAction.ADD_LABEL, "eggs"));
            harness.snapshot(2, 2);

            AdapterState after = harness.adapters().get("a");
            assertThat(letters()).singleElement().asString().contains("is retired");
            assertThat(after.head().weight()).isEqualTo(before.head().weight());
            assertThat(after.moments()).isEqualTo(before.moments());
            assertThat(after.head().labels().revision()).isEqualTo(3);
        }

        @Test
        void comparesLabelsInOneUnicodeForm() throws Exception {
            openWith("ham, caf\u00e9");
            give("a", "ham", "cafe\u0301");

            carryOut(labels("a", ControlAction.ADD_LABEL, "cafe\u0301"));

            assertThat(answers().get(0).getOutcome()).isEqualTo(CommandOutcome.REFUSED);
            assertThat(predictions())
                    .extracting(Prediction::getLabel)
                    .containsExactly("ham", "caf\u00e9");
        }

        @Test
        void isRefusedWhereItMakesNoSenseAndChangesNothing() throws Exception {
            openWith("ham, spam, eggs");
            give("a", "ham", "spam", "eggs");
            carryOut(labels("a", ControlAction.RETIRE_LABEL, "eggs"));
            harness.snapshot(1, 1);
            AdapterState before = harness.adapters().get("a");

            carryOut(labels("a", ControlAction.ADD_LABEL, "toast", "ham"));
            carryOut(labels("a", ControlAction.RETIRE_LABEL, "toast"));
            carryOut(labels("a", ControlAction.RETIRE_LABEL, "eggs"));
            carryOut(labels("a", ControlAction.RETIRE_LABEL, "ham"));
            harness.snapshot(2, 2);

            assertThat(answers().subList(1, 5))
                    .allMatch(answer -> answer.getOutcome() == CommandOutcome.REFUSED)
                    .extracting(CommandAnswer::getMessage)
                    .satisfiesExactly(
                            message -> assertThat(message).startsWith("label 'ham' is in use"),
                            message -> assertThat(message).startsWith("label 'toast' is unknown"),
                            message -> assertThat(message).startsWith("label 'eggs' is retired"),
                            message -> assertThat(message).startsWith("1 of the adapter's 2"));
            assertThat(harness.adapters().get("a")).isEqualTo(before);
        }

        @Test
        void outlivesARestore() throws Exception {
            openWith("ham, spam");
            give("a", "ham", "spam");
            carryOut(labels("a", ControlAction.ADD_LABEL, "eggs"));
            carryOut(labels("a", ControlAction.RETIRE_LABEL, "ham"));
            OperatorSubtaskState snapshot = snapshot();

            restoreWith("ham, spam", snapshot);
            give("a", "eggs", "spam");
            give("a", "ham");

            assertThat(steps()).containsExactly("a@2");
            assertThat(letters()).singleElement().asString().contains("'ham'", "is retired");
        }

        @Test
        void isPublishedWithoutAStepInBetween() throws Exception {
            openWith("ham, spam, eggs");
            give("a", "ham", "spam", "eggs");
            carryOut(Commands.of("a", ControlAction.PUBLISH));

            carryOut(labels("a", ControlAction.RETIRE_LABEL, "spam"));
            carryOut(Commands.of("a", ControlAction.PUBLISH));

            AdapterState published = harness.side(TrainOutputs.RELEASES).get(1).state();
            assertThat(published.meta().version()).isEqualTo(2);
            assertThat(
                            new String(
                                    AdapterFiles.of(published, OptionalInt.empty())
                                            .get("labels.json"),
                                    UTF_8))
                    .contains("eggs")
                    .doesNotContain("spam");
        }
    }

    @Nested
    class AReturn {

        @Test
        void toAVersionWithFewerLabelsKeepsTheNewerOnes() throws Exception {
            openWith("ham, spam");
            give("a", "ham", "spam");
            carryOut(Commands.of("a", ControlAction.PUBLISH));
            harness.publish(temp);
            AdapterState published = harness.side(TrainOutputs.RELEASES).get(0).state();
            carryOut(labels("a", ControlAction.ADD_LABEL, "eggs"));
            give("a", "eggs", "ham");

            carryOut(rollBack("a", 1));

            AdapterState now = harness.side(TrainOutputs.RELEASES).get(1).state();
            assertThat(now.triplets()).isEqualTo(published.triplets());
            assertThat(now.head().weight()).startsWith(published.head().weight());
            assertThat(now.head().labels().active()).containsExactly("ham", "spam", "eggs");
            assertThat(now.head().labels().revision()).isEqualTo(2);
            give("a", "eggs");
            assertThat(letters()).isEmpty();
        }

        @Test
        void toAVersionWithARetiredLabelLeavesItRetired() throws Exception {
            openWith("ham, spam, eggs");
            give("a", "ham", "spam", "eggs");
            carryOut(Commands.of("a", ControlAction.PUBLISH));
            harness.publish(temp);
            carryOut(labels("a", ControlAction.RETIRE_LABEL, "eggs"));

            carryOut(rollBack("a", 1));
            give("a", "eggs");

            assertThat(letters()).singleElement().asString().contains("is retired");
        }

        @Test
        void toTheBeginningKeepsTheLabels() throws Exception {
            openWith("ham, spam");
            give("a", "ham", "spam");
            carryOut(labels("a", ControlAction.ADD_LABEL, "eggs"));

            carryOut(Commands.of("a", ControlAction.RESET));
            give("a", "eggs", "ham");

            assertThat(letters()).isEmpty();
            assertThat(steps()).containsExactly("a@1", "a@1");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"spam, ham", "eggs, ham, spam", "spam, toast"})
    void anAdapterStartsFromASnapshotOfOtherLabelsByName(String labels) throws Exception {
        openWith("ham, spam, beans");
        give("a", "ham", "spam", "beans");
        harness.snapshot(1, 1);
        AdapterState source = harness.adapters().get("a");
        Path file = Files.write(temp.resolve("a.safetensors"), AdapterSnapshot.of(source));
        harness.close();

        harness = harness(labels, new AdapterStart.Snapshot(file.toUri().toString()));
        harness.open();
        give("z", labels.split(", "));
        give("z", "beans");

        harness.snapshot(1, 1);
        AdapterState started = harness.adapters().get("z");
        assertThat(steps()).containsExactly("z@2");
        assertThat(started.head().labels().active()).containsExactlyInAnyOrder(labels.split(", "));
        assertThat(letters()).singleElement().asString().contains("'beans'");
    }

    private void openWith(String labels) throws Exception {
        harness = harness(labels, new AdapterStart.Template());
        harness.open();
    }

    private void restoreWith(String labels, OperatorSubtaskState snapshot) throws Exception {
        harness.close();
        harness = harness(labels, new AdapterStart.Template());
        harness.initializeState(snapshot);
        harness.open();
    }

    private TrainHarness harness(String labels, AdapterStart start) throws Exception {
        TrainingTemplate template = Examples.template(List.of(labels.split(", ")));
        return new TrainHarness(
                backend,
                model,
                NEVER,
                new TrainSettings(1 << 30, 10, 0, Duration.ZERO),
                ConfiguredAdapters.NONE.withOthers(new AdapterSettings(template, start)),
                temp);
    }

    private OperatorSubtaskState snapshot() throws Exception {
        return harness.snapshot(1, 1);
    }

    /** One micro-batch with an example of each label. */
    private void give(String adapterId, String... labels) throws Exception {
        List<EncodedExample> examples = new ArrayList<>();
        for (String label : labels) {
            examples.add(Examples.labeled(label, batch(adapterId, next++, 1).examples().get(0)));
        }
        harness.processElement(new MicroBatch(adapterId, examples), 0);
    }

    private static ControlCommand labels(String adapterId, ControlAction action, String... labels) {
        ControlCommand command = Commands.of(adapterId, action);
        command.setLabels(List.of(labels));
        return command;
    }

    private static ControlCommand rollBack(String adapterId, long version) {
        ControlCommand command = Commands.of(adapterId, ControlAction.ROLL_BACK);
        command.setVersion(version);
        return command;
    }

    private void carryOut(ControlCommand command) throws Exception {
        harness.processElement(new JudgedCommand.Accepted(command, 1), 0);
    }

    private List<TrainingReport> reports() {
        return harness.extractOutputValues();
    }

    private List<String> steps() {
        return reports().stream().map(r -> r.getAdapterId() + "@" + r.getStep()).toList();
    }

    private List<CommandAnswer> answers() {
        return harness.side(TrainOutputs.ANSWERS);
    }

    private List<Prediction> predictions() {
        return harness.side(TrainOutputs.PREDICTIONS);
    }

    private List<String> letters() {
        List<DeadLetter> letters = harness.side(DeadLetters.TAG);
        assertThat(letters).allMatch(each -> each.getReason() != DeadLetterReason.ADAPTER_MISMATCH);
        return letters.stream().map(each -> each.getReason() + " " + each.getMessage()).toList();
    }
}
