package io.rankstream.job.batch;

import static org.assertj.core.api.Assertions.assertThat;

import io.rankstream.adapters.adalora.ConstantBudgetSchedule;
import io.rankstream.job.config.Defaults;
import io.rankstream.job.config.settings.BatchSettings;
import io.rankstream.job.config.settings.ConfiguredAdapters;
import io.rankstream.job.encode.EncodedExample;
import io.rankstream.job.encode.EncodedInput;
import io.rankstream.job.record.DeadLetters;
import io.rankstream.job.state.Backend;
import io.rankstream.job.state.NotedList;
import io.rankstream.schemas.CommandOutcome;
import io.rankstream.schemas.ControlAction;
import io.rankstream.schemas.ControlCommand;
import io.rankstream.schemas.DeadLetter;
import io.rankstream.schemas.DeadLetterReason;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.checkpoint.OperatorState;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.checkpoint.StateObjectCollection;
import org.apache.flink.streaming.api.operators.co.KeyedCoProcessOperator;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.KeyedTwoInputStreamOperatorTestHarness;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@ParameterizedClass
@EnumSource(Backend.class)
class MicroBatchFunctionTest {

    private static final ConfiguredAdapters TEMPLATES =
            Examples.named(
                    Map.of(
                            "spam", Examples.TEMPLATE,
                            "list", Examples.TEMPLATE,
                            "fixed",
                                    Examples.TEMPLATE.toBuilder()
                                            .schedule(new ConstantBudgetSchedule())
                                            .build()));

    private static final Duration NO_LINGER = Duration.ZERO;
    private static final int MANY = 1000;

    private final Backend backend;
    private KeyedTwoInputStreamOperatorTestHarness<
                    String, EncodedExample, AdapterRequest, AdapterWork>
            harness;
    private int next;
    private long checkpoint = 2;

    MicroBatchFunctionTest(Backend backend) {
        this.backend = backend;
    }

    @AfterEach
    void close() throws Exception {
        harness.close();
    }

    @Test
    void closesWhenItHoldsMaxExamples() throws Exception {
        open(new BatchSettings(2, MANY, NO_LINGER, MANY));

        give("spam", 1, 1, 1);

        assertThat(ids()).containsExactly(List.of("spam-0", "spam-1"));
    }

    @Test
    void closesWhenItHoldsMaxTokens() throws Exception {
        open(new BatchSettings(MANY, 10, NO_LINGER, MANY));

        give("spam", 4, 6, 1);

        assertThat(ids()).containsExactly(List.of("spam-0", "spam-1"));
    }

    @Test
    void closesBeforeAnExampleThatWouldTakeItAboveMaxTokens() throws Exception {
        open(new BatchSettings(MANY, 10, NO_LINGER, MANY));

        give("spam", 4, 4, 3);

        assertThat(ids()).containsExactly(List.of("spam-0", "spam-1"));
        give("spam", 7);
        assertThat(ids()).containsExactly(List.of("spam-0", "spam-1"), List.of("spam-2", "spam-3"));
    }

    @Test
    void givesAnExampleAboveMaxTokensABatchOfItsOwn() throws Exception {
        open(new BatchSettings(MANY, 10, NO_LINGER, MANY));

        give("spam", 4, 11, 4);

        assertThat(ids()).containsExactly(List.of("spam-0"), List.of("spam-1"));
    }

    @Test
    void sendsAnExampleOfAnUnknownLabelOnAtOnceAndAlone() throws Exception {
        open(new BatchSettings(2, MANY, NO_LINGER, MANY));

        give("spam", 1);
        giveLabeled("eggs");
        give("spam", 1);

        assertThat(ids()).containsExactly(List.of("spam-1"), List.of("spam-0", "spam-2"));
    }

    @Test
    void handsAnInputOnAtOnceThoughABatchIsOpenAndTheAdapterPaused() throws Exception {
        open(new BatchSettings(2, MANY, NO_LINGER, MANY));
        EncodedInput input = Examples.input("i-1", "spam", 0, 5, 6);

        harness.processElement2(new AdapterRequest.Prediction(input), 0);
        give("spam", 1);
        command(Commands.of("spam", ControlAction.PAUSE));
        harness.processElement2(new AdapterRequest.Prediction(input), 0);

        assertThat(harness.extractOutputValues())
                .filteredOn(PredictionRequest.class::isInstance)
                .hasSize(2)
                .containsOnly(new PredictionRequest("spam", List.of(input)));
        assertThat(ids()).isEmpty();
    }

    @Test
    void anInputMakesNoAdapterKnown() throws Exception {
        open(new BatchSettings(2, MANY, NO_LINGER, MANY));
        harness.processElement2(
                new AdapterRequest.Prediction(Examples.input("i-1", "spam", 0, 5)), 0);

        command(Commands.of("spam", ControlAction.PAUSE));

        assertThat(harness.extractOutputValues().get(1))
                .isInstanceOfSatisfying(
                        JudgedCommand.Answered.class,
                        answered ->
                                assertThat(answered.outcome()).isEqualTo(CommandOutcome.REFUSED));
    }

    @Test
    void batchesTheExamplesOfALabelThatACommandHasAdded() throws Exception {
        open(new BatchSettings(3, MANY, NO_LINGER, MANY));
        give("spam", 1, 1, 1);
        ControlCommand command = Commands.of("spam", ControlAction.ADD_LABEL);
        command.setLabels(List.of("caf\u00e9"));
        harness.processElement2(new AdapterRequest.Command(command), 0);

        giveLabeled("cafe\u0301");
        giveLabeled("caf\u00e9");
        assertThat(ids()).hasSize(1);
        give("spam", 1);

        assertThat(ids())
                .containsExactly(
                        List.of("spam-0", "spam-1", "spam-2"),
                        List.of("spam-3", "spam-4", "spam-5"));
    }

    @ParameterizedTest
    @MethodSource("labelsThatNoneMayHave")
    void refusesACommandWithLabelsThatNoneMayHave(List<String> labels) throws Exception {
        open(new BatchSettings(2, MANY, NO_LINGER, MANY));
        ControlCommand command = Commands.of("spam", ControlAction.ADD_LABEL);
        command.setLabels(labels);

        harness.processElement2(new AdapterRequest.Command(command), 0);

        assertThat(harness.extractOutputValues())
                .singleElement()
                .satisfies(
                        work -> {
                            JudgedCommand.Answered judged = (JudgedCommand.Answered) work;
                            assertThat(judged.outcome()).isEqualTo(CommandOutcome.REFUSED);
                            assertThat(judged.revision()).isZero();
                        });
    }

    /** Revisions count what could be carried out, as far as that is known without the adapter. */
    @ParameterizedTest
    @CsvSource({
        "ROLL_BACK, , , version is null",
        "ROLL_BACK, 0, , version is 0",
        "ROLL_BACK, -3, , version is -3",
        "SET_BUDGET, , , budget is null",
        "SET_BUDGET, , -1, budget is -1"
    })
    void refusesACommandWithoutWhatItsActionTakes(
            ControlAction action, Long version, Integer budget, String reason) throws Exception {
        open(new BatchSettings(1, MANY, NO_LINGER, MANY));
        give("spam", 1);
        ControlCommand command = Commands.of("spam", action);
        command.setVersion(version);
        command.setBudget(budget);

        command(command);

        assertThat(answers())
                .singleElement()
                .satisfies(
                        judged -> {
                            assertThat(judged.outcome()).isEqualTo(CommandOutcome.REFUSED);
                            assertThat(judged.message()).startsWith(reason);
                            assertThat(judged.revision()).isZero();
                        });
    }

    @Test
    void refusesToSetABudgetThatTheScheduleDoesNotTake() throws Exception {
        open(new BatchSettings(1, MANY, NO_LINGER, MANY));
        harness.processElement1(Examples.of("fixed", next++, 0, 1), 0);
        ControlCommand command = Commands.of("fixed", ControlAction.SET_BUDGET);
        command.setBudget(8);

        command(command);

        assertThat(answers())
                .singleElement()
                .satisfies(
                        judged -> {
                            assertThat(judged.message()).contains("schedule is not the streaming");
                            assertThat(judged.revision()).isZero();
                        });
    }

    static Stream<List<String>> labelsThatNoneMayHave() {
        return Stream.of(
                List.of(),
                List.of(""),
                List.of("fine", " \t"),
                List.of("x".repeat(257)),
                List.of("caf\u00e9", "cafe\u0301"),
                IntStream.range(0, 1001).mapToObj(i -> "l" + i).toList());
    }

    @Test
    void keepsAdaptersApart() throws Exception {
        open(new BatchSettings(2, MANY, NO_LINGER, MANY));

        give("spam", 1);
        give("list", 1);
        give("spam", 1);

        assertThat(ids()).containsExactly(List.of("spam-0", "spam-2"));
    }

    @Test
    void closesWhenTheLingerHasPassedSinceItsFirstExample() throws Exception {
        open(new BatchSettings(MANY, MANY, Duration.ofMillis(100), MANY));
        harness.setProcessingTime(1_000);
        give("spam", 1);
        harness.setProcessingTime(1_060);
        give("spam", 1);

        harness.setProcessingTime(1_099);
        assertThat(ids()).isEmpty();
        harness.setProcessingTime(1_100);

        assertThat(ids()).containsExactly(List.of("spam-0", "spam-1"));
        assertThatNoTimerIsLeft();
    }

    @Test
    void neverLingersWhenTheLingerIsZero() throws Exception {
        open(new BatchSettings(MANY, MANY, NO_LINGER, MANY));

        give("spam", 1);

        assertThat(harness.numProcessingTimeTimers()).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void deletesItsTimersWhenAnotherLimitClosesIt(int maxExamples) throws Exception {
        open(new BatchSettings(maxExamples, MANY, Duration.ofMillis(100), MANY));

        give("spam", 1, 1, 1);

        assertThatNoTimerIsLeft();
    }

    @Test
    void lingersAnewForTheNextBatch() throws Exception {
        open(new BatchSettings(2, MANY, Duration.ofMillis(100), MANY));
        give("spam", 1, 1);
        harness.setProcessingTime(90);
        give("spam", 1);

        harness.setProcessingTime(189);
        assertThat(ids()).hasSize(1);
        harness.setProcessingTime(190);

        assertThat(ids()).containsExactly(List.of("spam-0", "spam-1"), List.of("spam-2"));
    }

    @Test
    void closesEveryBatchAtTheEndOfTheStream() throws Exception {
        open(new BatchSettings(MANY, MANY, Duration.ofMillis(100), MANY));
        give("spam", 1);
        give("list", 1, 1);

        endBoth(Long.MAX_VALUE - 1);
        assertThat(ids()).isEmpty();
        endBoth(Long.MAX_VALUE);

        assertThat(ids()).containsExactlyInAnyOrder(List.of("spam-0"), List.of("list-1", "list-2"));
        assertThatNoTimerIsLeft();
    }

    @Test
    void goesOnWithTheOpenBatchAfterARestore() throws Exception {
        BatchSettings settings = new BatchSettings(3, MANY, Duration.ofMillis(100), MANY);
        open(settings);
        give("spam", 5, 5);
        OperatorSubtaskState snapshot = harness.snapshot(1, 1);
        harness.close();

        restore(settings, snapshot);
        give("spam", 5);

        assertThat(ids()).containsExactly(List.of("spam-0", "spam-1", "spam-2"));
        assertThatNoTimerIsLeft();
    }

    @Test
    void keepsTheDeadlineOfTheOpenBatchAcrossARestore() throws Exception {
        BatchSettings settings = new BatchSettings(MANY, MANY, Duration.ofMillis(100), MANY);
        open(settings);
        give("spam", 5, 5);
        OperatorSubtaskState snapshot = harness.snapshot(1, 1);
        harness.close();

        restore(settings, snapshot);
        harness.setProcessingTime(100);

        assertThat(ids()).containsExactly(List.of("spam-0", "spam-1"));
    }

    @Nested
    class Paused {

        private static final BatchSettings PAIRS = new BatchSettings(2, MANY, NO_LINGER, 3);

        @Test
        void holdsItsExamplesAndThoseOfTheOpenBatch() throws Exception {
            open(PAIRS);
            give("spam", 1);

            command(Commands.of("spam", ControlAction.PAUSE));
            give("spam", 1, 1);

            assertThat(ids()).isEmpty();
            assertThat(letters()).isEmpty();
            resume();
            assertThat(ids()).containsExactly(List.of("spam-0", "spam-1"));
            give("spam", 1);
            assertThat(ids())
                    .containsExactly(List.of("spam-0", "spam-1"), List.of("spam-2", "spam-3"));
            assertThatNoTimerIsLeft();
        }

        @Test
        void keepsTheOrderWhenItIsPausedAgainWhileItGathersWhatItHeld() throws Exception {
            open(new BatchSettings(2, MANY, NO_LINGER, MANY));
            give("spam", 1);
            command(Commands.of("spam", ControlAction.PAUSE));
            give("spam", 1, 1);
            command(Commands.of("spam", ControlAction.RESUME));

            command(Commands.of("spam", ControlAction.PAUSE));
            give("spam", 1, 1);
            resume();
            give("spam", 1);

            assertThat(ids().stream().flatMap(List::stream))
                    .containsExactly("spam-0", "spam-1", "spam-2", "spam-3", "spam-4", "spam-5");
        }

        @Test
        void lingersNot() throws Exception {
            open(new BatchSettings(MANY, MANY, Duration.ofMillis(100), MANY));
            give("spam", 1);
            command(Commands.of("spam", ControlAction.PAUSE));

            harness.setProcessingTime(1_000);

            assertThat(ids()).isEmpty();
        }

        @Test
        void leavesOtherAdaptersAlone() throws Exception {
            open(PAIRS);
            give("spam", 1);
            command(Commands.of("spam", ControlAction.PAUSE));

            give("list", 1, 1);

            assertThat(ids()).containsExactly(List.of("list-1", "list-2"));
        }

        @Test
        void refusesWhatIsAboveItsLimit() throws Exception {
            open(PAIRS);
            give("spam", 1);
            command(Commands.of("spam", ControlAction.PAUSE));

            give("spam", 1, 1, 1);

            assertThat(letters())
                    .singleElement()
                    .satisfies(
                            letter -> {
                                assertThat(letter.getReason())
                                        .isEqualTo(DeadLetterReason.ADAPTER_PAUSED);
                                assertThat(letter.getOffset()).isEqualTo(3);
                                assertThat(letter.getMessage()).contains("holds 3 examples");
                            });
        }

        @Test
        void refusesWhatItHoldsWhenTheStreamEnds() throws Exception {
            open(PAIRS);
            give("spam", 1);
            command(Commands.of("spam", ControlAction.PAUSE));
            give("spam", 1);

            endBoth(Long.MAX_VALUE);

            assertThat(ids()).isEmpty();
            assertThat(letters()).extracting(DeadLetter::getOffset).containsExactly(0L, 1L);
        }

        @Test
        void staysSoAcrossARestore() throws Exception {
            open(PAIRS);
            give("spam", 1);
            command(Commands.of("spam", ControlAction.PAUSE));
            give("spam", 1);
            OperatorSubtaskState snapshot = harness.snapshot(1, 1);
            harness.close();

            restore(PAIRS, snapshot);
            give("spam", 1);
            assertThat(ids()).isEmpty();
            resume();

            assertThat(ids()).containsExactly(List.of("spam-0", "spam-1"));
        }

        @Test
        void letsOthersHaveTheirTurnWhileItGathersWhatItHeld() throws Exception {
            open(new BatchSettings(2, MANY, NO_LINGER, MANY));
            give("spam", 1);
            command(Commands.of("spam", ControlAction.PAUSE));
            give("spam", 1, 1, 1);

            command(Commands.of("spam", ControlAction.RESUME));
            give("list", 1, 1);
            give("spam", 1);
            passTime();

            assertThat(ids())
                    .containsExactly(
                            List.of("list-4", "list-5"),
                            List.of("spam-0", "spam-1"),
                            List.of("spam-2", "spam-3"));
            give("spam", 1);
            assertThat(ids()).last().isEqualTo(List.of("spam-6", "spam-7"));
        }

        private void resume() throws Exception {
            command(Commands.of("spam", ControlAction.RESUME));
            passTime();
        }
    }

    @Nested
    class Command {

        private static final BatchSettings PAIRS = new BatchSettings(2, MANY, NO_LINGER, MANY);

        @Test
        void goesToTheTrainerAfterTheBatchesBeforeIt() throws Exception {
            open(PAIRS);
            give("spam", 1, 1);
            command(Commands.of("spam", ControlAction.PUBLISH));
            give("spam", 1, 1);

            assertThat(harness.extractOutputValues())
                    .extracting(work -> work.getClass().getSimpleName())
                    .containsExactly("MicroBatch", "Accepted", "MicroBatch");
            assertThat(commands()).hasOnlyElementsOfType(JudgedCommand.Accepted.class);
        }

        @Test
        void isAcceptedOnceAfterARestoreToo() throws Exception {
            open(PAIRS);
            give("spam", 1, 1);
            ControlCommand command = Commands.of("spam", ControlAction.PUBLISH);
            command(command);
            OperatorSubtaskState snapshot = harness.snapshot(1, 1);
            harness.close();

            restore(PAIRS, snapshot);
            command(command);

            assertThat(answers())
                    .singleElement()
                    .satisfies(
                            judged -> {
                                assertThat(judged.outcome()).isEqualTo(CommandOutcome.REPEATED);
                                assertThat(judged.revision()).isEqualTo(1);
                            });
        }

        @Test
        void thatPausesIsNotedWithWhatItsAdapterHoldsUntilOneThatResumes() throws Exception {
            open(PAIRS);
            give("spam", 1, 1, 1);
            give("list", 1, 1);
            command(Commands.of("spam", ControlAction.PAUSE));
            command(Commands.of("list", ControlAction.PAUSE));
            give("spam", 1);
            assertThat(noted()).containsExactly("list 0", "spam 2");
            OperatorSubtaskState snapshot = harness.snapshot(1, 1);
            harness.close();

            restore(PAIRS, snapshot);
            assertThat(noted()).containsExactly("list 0", "spam 2");
            command(Commands.of("list", ControlAction.RESUME));
            give("spam", 1);
            assertThat(noted()).containsExactly("spam 3");
            endBoth(Long.MAX_VALUE);

            assertThat(noted()).containsExactly("spam 0");
        }

        /** What is noted with the next checkpoint. */
        private List<String> noted() throws Exception {
            OperatorState operator =
                    new OperatorState(null, null, harness.getOperator().getOperatorID(), 1, 128);
            operator.putState(0, harness.snapshot(checkpoint++, 1));
            return NotedList.read(operator, PausedAdapters.STATE).orElseThrow().stream()
                    .map(each -> each.adapterId() + " " + each.examples())
                    .toList();
        }

        @Test
        void isStaleWhenItExpectsAnotherRevision() throws Exception {
            open(PAIRS);
            give("spam", 1);
            command(Commands.of("spam", ControlAction.PAUSE));
            command(Commands.expecting(0, "spam", ControlAction.RESUME));
            command(Commands.expecting(1, "spam", ControlAction.RESUME));

            assertThat(answers())
                    .extracting(JudgedCommand.Answered::outcome)
                    .containsExactly(
                            CommandOutcome.DONE, CommandOutcome.STALE, CommandOutcome.DONE);
            assertThat(answers().get(1).message()).contains("at revision 1, expected 0");
        }

        @Test
        void isRefusedWhenThisReleaseDoesNotKnowItsAction() throws Exception {
            open(PAIRS);
            command(Commands.of("spam", ControlAction.UNKNOWN));

            assertThat(answers())
                    .extracting(JudgedCommand.Answered::outcome)
                    .containsExactly(CommandOutcome.REFUSED);
        }

        @ParameterizedTest
        @EnumSource(names = "UNKNOWN", mode = EnumSource.Mode.EXCLUDE)
        void isRefusedForAnAdapterThatNeverWas(ControlAction action) throws Exception {
            open(PAIRS);
            giveLabeled("eggs");
            give("list", 1);
            ControlCommand command = complete(action);

            command(command);

            assertThat(answers())
                    .singleElement()
                    .satisfies(
                            judged -> {
                                assertThat(judged.outcome()).isEqualTo(CommandOutcome.REFUSED);
                                assertThat(judged.message()).contains("'spam' is not there yet");
                                assertThat(judged.revision()).isZero();
                            });
        }

        @ParameterizedTest
        @EnumSource(names = "UNKNOWN", mode = EnumSource.Mode.EXCLUDE)
        void isAcceptedOnceTheAdapterIsThereThoughItWasRefusedBefore(ControlAction action)
                throws Exception {
            open(PAIRS);
            ControlCommand command = complete(action);
            command(command);
            give("spam", 1, 1);
            OperatorSubtaskState snapshot = harness.snapshot(1, 1);
            harness.close();

            restore(PAIRS, snapshot);
            command(command);
            command(Commands.of("list", ControlAction.PAUSE));

            assertThat(commands()).extracting(JudgedCommand::revision).containsExactly(1L, 0L);
        }

        @ParameterizedTest
        @EnumSource(
                names = {"UNKNOWN", "PAUSE", "RESUME"},
                mode = EnumSource.Mode.EXCLUDE)
        void isRefusedForAnAdapterThatHasExamplesAndNoStep(ControlAction action) throws Exception {
            open(PAIRS);
            give("spam", 1);
            command(Commands.of("spam", ControlAction.PAUSE));
            give("spam", 1);
            OperatorSubtaskState snapshot = harness.snapshot(1, 1);
            harness.close();
            restore(PAIRS, snapshot);
            ControlCommand command = complete(action);

            command(command);
            command(Commands.of("spam", ControlAction.RESUME));
            passTime();
            command(command);

            assertThat(answers())
                    .extracting(JudgedCommand.Answered::outcome)
                    .containsExactly(CommandOutcome.REFUSED, CommandOutcome.DONE);
            assertThat(commands()).extracting(JudgedCommand::revision).containsExactly(1L, 2L, 3L);
            assertThat(answers().get(0).message()).contains("'spam' has taken no step yet");
        }

        @ParameterizedTest
        @EnumSource(names = {"PAUSE", "RESUME"})
        void ofTheStreamIsDoneForAnAdapterThatHasExamplesAndNoStep(ControlAction action)
                throws Exception {
            open(PAIRS);
            give("spam", 1);

            command(Commands.of("spam", action));

            assertThat(answers())
                    .extracting(JudgedCommand.Answered::outcome)
                    .containsExactly(CommandOutcome.DONE);
        }

        @Test
        void isAcceptedWhereStateDoesNotTellWhichAdaptersAreThere() throws Exception {
            open(PAIRS);
            OperatorSubtaskState snapshot = harness.snapshot(1, 1);
            harness.close();

            restore(
                    PAIRS,
                    snapshot.toBuilder()
                            .setManagedOperatorState(StateObjectCollection.empty())
                            .build());
            OperatorSubtaskState again = harness.snapshot(2, 2);
            harness.close();
            restore(PAIRS, again);
            command(Commands.of("spam", ControlAction.PAUSE));

            assertThat(answers())
                    .extracting(JudgedCommand.Answered::outcome)
                    .containsExactly(CommandOutcome.DONE);
        }

        /** A command that has what its action takes. */
        private static ControlCommand complete(ControlAction action) {
            ControlCommand command = Commands.of("spam", action);
            command.setVersion(action == ControlAction.ROLL_BACK ? 1L : null);
            command.setBudget(action == ControlAction.SET_BUDGET ? 1 : null);
            command.setLabels(
                    action == ControlAction.ADD_LABEL || action == ControlAction.RETIRE_LABEL
                            ? List.of("new")
                            : List.of());
            return command;
        }

        @Test
        void isRefusedForAnAdapterThatTheConfigurationDoesNotName() throws Exception {
            open(PAIRS);
            command(Commands.of("other", ControlAction.PAUSE));

            assertThat(answers())
                    .singleElement()
                    .satisfies(
                            judged -> {
                                assertThat(judged.outcome()).isEqualTo(CommandOutcome.REFUSED);
                                assertThat(judged.message()).contains("does not name adapter");
                                assertThat(judged.revision()).isZero();
                            });
        }
    }

    private void passTime() throws Exception {
        harness.setProcessingTime(harness.getProcessingTime() + 1);
    }

    private void open(BatchSettings settings) throws Exception {
        harness = harness(settings);
        harness.open();
    }

    private void restore(BatchSettings settings, OperatorSubtaskState snapshot) throws Exception {
        harness = harness(settings);
        harness.initializeState(snapshot);
        harness.open();
    }

    private KeyedTwoInputStreamOperatorTestHarness<
                    String, EncodedExample, AdapterRequest, AdapterWork>
            harness(BatchSettings settings) throws Exception {
        var created =
                new KeyedTwoInputStreamOperatorTestHarness<>(
                        new KeyedCoProcessOperator<>(
                                new MicroBatchFunction(settings, TEMPLATES, Defaults.CURRENT)),
                        EncodedExample::adapterId,
                        AdapterRequest::adapterId,
                        Types.STRING);
        created.setStateBackend(backend.create());
        created.setup(AdapterWorkSerializer.INSTANCE);
        return created;
    }

    /** Examples of the given numbers of tokens, named in the order of arrival. */
    private void give(String adapterId, int... tokens) throws Exception {
        for (int count : tokens) {
            harness.processElement1(Examples.of(adapterId, next++, 0, new int[count]), 0);
        }
    }

    private void giveLabeled(String label) throws Exception {
        harness.processElement1(Examples.labeled(label, Examples.of("spam", next++, 0, 1)), 0);
    }

    private List<List<String>> ids() {
        return harness.extractOutputValues().stream()
                .filter(MicroBatch.class::isInstance)
                .map(MicroBatch.class::cast)
                .map(batch -> batch.examples().stream().map(EncodedExample::id).toList())
                .toList();
    }

    private List<JudgedCommand.Answered> answers() {
        return commands().stream()
                .filter(JudgedCommand.Answered.class::isInstance)
                .map(JudgedCommand.Answered.class::cast)
                .toList();
    }

    private List<JudgedCommand> commands() {
        return harness.extractOutputValues().stream()
                .filter(JudgedCommand.class::isInstance)
                .map(JudgedCommand.class::cast)
                .toList();
    }

    private List<DeadLetter> letters() {
        Queue<StreamRecord<DeadLetter>> letters = harness.getSideOutput(DeadLetters.TAG);
        return letters == null ? List.of() : letters.stream().map(StreamRecord::getValue).toList();
    }

    private void command(ControlCommand command) throws Exception {
        harness.processElement2(new AdapterRequest.Command(command), 0);
    }

    private void endBoth(long watermark) throws Exception {
        harness.processWatermark1(new Watermark(watermark));
        harness.processWatermark2(new Watermark(watermark));
    }

    private void assertThatNoTimerIsLeft() {
        assertThat(harness.numProcessingTimeTimers()).isZero();
        assertThat(harness.numEventTimeTimers()).isZero();
    }
}
