package io.rankstream.job.train;

import static io.rankstream.job.train.MicroBatches.FIRST_TOKEN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.rankstream.adapters.drift.DriftMode;
import io.rankstream.adapters.drift.DriftSettings;
import io.rankstream.adapters.drift.detector.DetectorKind;
import io.rankstream.job.LoggedLines;
import io.rankstream.job.batch.Commands;
import io.rankstream.job.batch.Examples;
import io.rankstream.job.batch.JudgedCommand;
import io.rankstream.job.batch.MicroBatch;
import io.rankstream.job.batch.PredictionRequest;
import io.rankstream.job.encode.EncodedExample;
import io.rankstream.job.encode.EncodedInput;
import io.rankstream.job.metrics.JobMetric;
import io.rankstream.job.state.Backend;
import io.rankstream.schemas.CommandAnswer;
import io.rankstream.schemas.CommandOutcome;
import io.rankstream.schemas.ControlAction;
import io.rankstream.schemas.ControlCommand;
import io.rankstream.schemas.DriftEvent;
import io.rankstream.schemas.DriftEventKind;
import io.rankstream.schemas.DriftSignal;
import io.rankstream.schemas.TrainingReport;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What the operator tells of changes in a stream, and what it is told of them. */
class DriftTest extends OperatorInHarness {

    private static final int OF_A_BATCH = 4;

    /** Batches before the two labels exchange their meaning. */
    private static final int STEADY = 60;

    private static final int CHANGED = STEADY * OF_A_BATCH;

    DriftTest() {
        super(Backend.HASH_MAP);
    }

    @Test
    void anAlarmNamesTheExampleThatRaisedItAndWhenTheChangeBegan() throws Exception {
        open(ALL_ADAPTERS, NEVER);

        give(changing(STEADY + 10));

        DriftEvent alarm = events().get(0);
        long example = alarm.getExample();
        assertThat(example).isBetween(CHANGED + 2L, CHANGED + 40L);
        assertThat(alarm.getBeginning()).isBetween(CHANGED - 10L, CHANGED + 5L);
        assertThat(alarm.getRateBefore()).isLessThan(.25);
        assertThat(alarm.getRateSince()).isGreaterThan(.5);
        assertThat(alarm)
                .isEqualTo(
                        DriftEvent.newBuilder(alarm)
                                .setEventId("a/%d/ALARM".formatted(example))
                                .setAdapterId("a")
                                .setKind(DriftEventKind.ALARM)
                                .setStep((example - 1) / OF_A_BATCH + 1)
                                .setExampleId("a-" + (example - 1))
                                .setTopic("labeled-examples")
                                .setPartition(3)
                                .setOffset(example - 1)
                                .setEventTime(Instant.ofEpochMilli(1_000 * (example - 1)))
                                .setCommandId(null)
                                .build());
    }

    @Test
    void everyAlarmIsInTheReportOfItsStepInTheMetricsAndOnTheConsole() throws Exception {
        try (LoggedLines log = LoggedLines.of(DriftAlarms.class)) {
            open(ALL_ADAPTERS, NEVER);

            give(changing(STEADY + 10));

            List<Long> steps = new ArrayList<>();
            for (TrainingReport report : harness.extractOutputValues()) {
                for (int i = 0; i < report.getDriftAlarms(); i++) {
                    steps.add(report.getStep());
                }
            }
            DriftEvent last = events().get(events().size() - 1);
            assertThat(steps)
                    .isNotEmpty()
                    .isEqualTo(events().stream().map(DriftEvent::getStep).toList());
            assertThat(harness.metrics().value(JobMetric.DRIFT_ALARMS, "a"))
                    .isEqualTo(events().size());
            assertThat(harness.extractOutputValues())
                    .last()
                    .extracting(TrainingReport::getDriftAlarmsTotal)
                    .isEqualTo((long) events().size());
            assertThat(harness.metrics().value(JobMetric.LIFETIME_DRIFT_ALARMS, "a"))
                    .isEqualTo((double) events().size());
            assertThat(harness.metrics().value(JobMetric.SINCE_DRIFT_ALARM, "a"))
                    .isEqualTo((double) ((STEADY + 10) * OF_A_BATCH - last.getExample()));
            assertThat(log.onConsole()).hasSameSizeAs(events());
            assertThat(log.onConsole().get(0))
                    .startsWith("WARN Adapter 'a' is surprised by ")
                    .contains(
                            "since about number " + events().get(0).getBeginning(),
                            "control confirm-drift a ",
                            "'dismiss-drift'");
        }
    }

    @Test
    void aRestoreInTheMiddleChangesNothingOfWhatIsTold() throws Exception {
        List<MicroBatch> stream = changing(STEADY + 12);
        open(ALL_ADAPTERS, NEVER);
        give(stream);
        List<DriftEvent> uninterrupted = events();
        harness.close();

        open(ONE_ADAPTER, NEVER);
        List<DriftEvent> told = new ArrayList<>();
        for (int i = 0; i < stream.size(); i++) {
            give(List.of(stream.get(i)));
            if (i == STEADY / 2 || i >= STEADY) {
                OperatorSubtaskState snapshot = harness.snapshot(i, i);
                told.addAll(events());
                harness.close();
                restore(ONE_ADAPTER, NEVER, snapshot);
            }
        }
        told.addAll(events());

        assertThat(told).isNotEmpty().isEqualTo(uninterrupted);
    }

    @ParameterizedTest
    @CsvSource({"CONFIRM_DRIFT, CONFIRMED", "DISMISS_DRIFT, DISMISSED"})
    void anAlarmIsConfirmedOrDismissedOnce(ControlAction action, DriftEventKind kind)
            throws Exception {
        open(ALL_ADAPTERS, NEVER);
        give(untilTheFirstAlarm());
        DriftEvent alarm = events().get(0);
        ControlCommand command = Commands.of("a", action);

        carryOut(command);
        for (ControlAction again :
                List.of(ControlAction.CONFIRM_DRIFT, ControlAction.DISMISS_DRIFT)) {
            carryOut(Commands.of("a", again));
        }

        assertThat(answers())
                .extracting(CommandAnswer::getOutcome)
                .containsExactly(
                        CommandOutcome.DONE, CommandOutcome.REFUSED, CommandOutcome.REFUSED);
        assertThat(answers().get(1).getMessage())
                .contains("alarm at example " + alarm.getExample())
                .contains(kind.name().toLowerCase(Locale.ROOT) + " already");
        assertThat(events()).hasSize(2);
        DriftEvent said = events().get(1);
        assertThat(said.getMessage()).isEqualTo(answers().get(0).getMessage());
        assertThat(said)
                .isEqualTo(
                        DriftEvent.newBuilder(alarm)
                                .setEventId("a/%d/%s".formatted(alarm.getExample(), kind))
                                .setKind(kind)
                                .setExampleId(null)
                                .setTopic(null)
                                .setPartition(null)
                                .setOffset(null)
                                .setEventTime(null)
                                .setCommandId(command.getCommandId())
                                .setMessage(said.getMessage())
                                .build());
        assertThat(harness.metrics().value(JobMetric.SINCE_DRIFT_ALARM, "a"))
                .matches(since -> Double.isNaN(since) == (kind == DriftEventKind.DISMISSED));
    }

    @Test
    void whatWasSaidOfAnAlarmIsKnownAfterARestore() throws Exception {
        open(ALL_ADAPTERS, NEVER);
        give(untilTheFirstAlarm());
        carryOut(Commands.of("a", ControlAction.DISMISS_DRIFT));
        OperatorSubtaskState snapshot = harness.snapshot(1, 1);
        harness.close();
        restore(ALL_ADAPTERS, NEVER, snapshot);

        carryOut(Commands.of("a", ControlAction.CONFIRM_DRIFT));

        assertThat(answers())
                .singleElement()
                .satisfies(
                        answer -> {
                            assertThat(answer.getOutcome()).isEqualTo(CommandOutcome.REFUSED);
                            assertThat(answer.getMessage()).contains("dismissed already");
                        });
        assertThat(events()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(names = {"CONFIRM_DRIFT", "DISMISS_DRIFT"})
    void whereThereWasNoAlarmThereIsNothingToSayOfOne(ControlAction action) throws Exception {
        open(ALL_ADAPTERS, NEVER);
        give(changing(3));

        carryOut(Commands.of("a", action));

        assertThat(answers())
                .singleElement()
                .satisfies(
                        answer -> {
                            assertThat(answer.getOutcome()).isEqualTo(CommandOutcome.REFUSED);
                            assertThat(answer.getMessage()).contains("no alarm of drift so far");
                        });
        assertThat(events()).isEmpty();
    }

    @Test
    void aChangeThatIsAnnouncedRaisesNoAlarm() throws Exception {
        open(ALL_ADAPTERS, NEVER);
        give(changing(STEADY));
        ControlCommand command = Commands.of("a", ControlAction.EXPECT_DRIFT);

        carryOut(command);
        give(changing(STEADY + 10).subList(STEADY, STEADY + 10));

        assertThat(answers())
                .extracting(CommandAnswer::getOutcome)
                .containsExactly(CommandOutcome.DONE);
        assertThat(events())
                .extracting(
                        DriftEvent::getKind,
                        DriftEvent::getExample,
                        DriftEvent::getStep,
                        DriftEvent::getBeginning,
                        DriftEvent::getCommandId)
                .containsExactly(
                        tuple(
                                DriftEventKind.EXPECTED,
                                (long) CHANGED,
                                (long) STEADY,
                                null,
                                command.getCommandId()));
    }

    @Test
    void examplesAreCountedOverTheLifeOfAnAdapterThatWasNotWatchedAtFirst() throws Exception {
        open(DriftMode.OFF);
        give(changing(STEADY / 2));
        OperatorSubtaskState snapshot = harness.snapshot(1, 1);
        harness.close();
        harness = watching(DriftMode.WATCH, DetectorKind.CUSUM);
        harness.initializeState(snapshot);
        harness.open();

        give(changing(STEADY + 10).subList(STEADY / 2, STEADY + 10));

        DriftEvent alarm = events().get(0);
        assertThat(alarm.getExample()).isGreaterThan(CHANGED);
        assertThat(alarm.getOffset()).isEqualTo(alarm.getExample() - 1);
    }

    @ParameterizedTest
    @EnumSource
    void theDetectorThatIsChosenRaisesTheAlarms(DetectorKind detector) throws Exception {
        open(DriftMode.ANSWER, detector);

        give(changing(STEADY + 10));

        DriftEvent alarm = events().get(0);
        assertThat(alarm.getExample()).isBetween(CHANGED + 2L, CHANGED + 40L);
        assertThat(alarm.getBeginning()).isBetween(CHANGED - 16L, CHANGED + 5L);
    }

    @Test
    void anotherDetectorThanBeforeBeginsAnewAndThatIsTold() throws Exception {
        try (LoggedLines log = LoggedLines.of(Adapters.class)) {
            open(DriftMode.WATCH, DetectorKind.CUSUM);
            give(changing(STEADY));
            assertThat(log.all()).noneMatch(line -> line.contains("are noticed by"));
            OperatorSubtaskState snapshot = harness.snapshot(1, 1);
            harness.close();
            harness = watching(DriftMode.WATCH, DetectorKind.ADWIN);
            harness.initializeState(snapshot);
            harness.open();

            give(changing(STEADY + 25).subList(STEADY, STEADY + 25));

            assertThat(events()).isEmpty();
            assertThat(log.all())
                    .filteredOn(line -> line.contains("are noticed by"))
                    .containsExactly(
                            "INFO Changes in the stream of adapter 'a' are noticed by ADWIN now, by CUSUM before: what is usual is learned anew.");
        }
    }

    @Test
    void nothingIsToldWhereNobodyWatches() throws Exception {
        open(DriftMode.OFF);

        give(changing(STEADY + 10));

        assertThat(events()).isEmpty();
        assertThat(harness.extractOutputValues()).allMatch(report -> report.getDriftAlarms() == 0);
        assertThat(harness.metrics().value(JobMetric.SURPRISE_SHARE, "a")).isNaN();
    }

    @Test
    void inputsThatBecomeOthersAreAdviceBesideTheAlarms() throws Exception {
        try (LoggedLines log = LoggedLines.of(DriftAlarms.class)) {
            openWatchingInputs();

            give(moving(STEADY + 30));

            DriftEvent advice = events().get(0);
            assertThat(advice.getExampleId()).startsWith("a-");
            long example = advice.getOffset() + 1;
            assertThat(example).isBetween(CHANGED + 2L, CHANGED + 80L);
            assertThat(advice.getInputs()).isBetween(2L, 120L);
            assertThat(advice.getRateBefore()).isLessThan(advice.getRateSince());
            assertThat(advice)
                    .isEqualTo(
                            DriftEvent.newBuilder(advice)
                                    .setEventId("a/%d/ADVISORY/EMBEDDING".formatted(example))
                                    .setKind(DriftEventKind.ADVISORY)
                                    .setSignal(DriftSignal.EMBEDDING)
                                    .setExample(
                                            (example + OF_A_BATCH - 1) / OF_A_BATCH * OF_A_BATCH)
                                    .setStep((example - 1) / OF_A_BATCH + 1)
                                    .setTopic("labeled-examples")
                                    .setPartition(3)
                                    .setEventTime(Instant.ofEpochMilli(1_000 * (example - 1)))
                                    .setBeginning(null)
                                    .setCommandId(null)
                                    .build());
            assertThat(harness.extractOutputValues())
                    .allMatch(report -> report.getDriftAlarms() == 0);
            assertThat(harness.metrics().value(JobMetric.DRIFT_ADVICE, "a"))
                    .isEqualTo(events().size());
            assertThat(harness.metrics().value(JobMetric.DRIFT_ALARMS, "a")).isEqualTo(0L);
            assertThat(log.onConsole()).isEmpty();
            assertThat(log.all().get(0))
                    .startsWith("INFO Adapter 'a' ")
                    .endsWith("nothing is learned otherwise.");
        }
    }

    @Test
    void textsWithoutLabelsCountAsInputs() throws Exception {
        openWatchingInputs();
        give(moving(10));

        give(texts(0, 60));

        DriftEvent advice = events().get(0);
        assertThat(advice.getKind()).isEqualTo(DriftEventKind.ADVISORY);
        assertThat(advice.getExampleId()).startsWith("text-");
        assertThat(advice.getOffset()).isBetween(162L, 239L);
        assertThat(advice.getExample()).isEqualTo(10L * OF_A_BATCH);
        assertThat(advice.getEventId())
                .isEqualTo(
                        "a/%d/ADVISORY/%s"
                                .formatted(
                                        10 * OF_A_BATCH + advice.getOffset() + 1,
                                        advice.getSignal()));
        assertThat(harness.metrics().value(JobMetric.DRIFT_ADVICE, "a")).isEqualTo(events().size());
    }

    @Test
    void aRestoreAmongTextsChangesNothingOfWhatIsTold() throws Exception {
        openWatchingInputs();
        give(moving(10));
        give(texts(0, 60));
        List<DriftEvent> uninterrupted = events();
        harness.close();

        openWatchingInputs();
        give(moving(10));
        List<DriftEvent> told = new ArrayList<>();
        for (int from = 0; from < 60; from += 6) {
            give(texts(from, from + 6));
            OperatorSubtaskState snapshot = harness.snapshot(from + 1, from + 1);
            told.addAll(events());
            harness.close();
            harness = watchingInputs(true);
            harness.initializeState(snapshot);
            harness.open();
        }

        assertThat(told).isNotEmpty().isEqualTo(uninterrupted);
    }

    @Test
    void anAdapterThatIsNotThereYetTakesNoNoticeOfTexts() throws Exception {
        openWatchingInputs();

        give(texts(0, 60));

        assertThat(events()).isEmpty();
        harness.snapshot(1, 1);
        assertThat(harness.adapters()).isEmpty();
    }

    @Test
    void inputsAreNotWatchedUnlessThatIsAskedFor() throws Exception {
        harness = watchingInputs(false);
        harness.open();

        give(moving(STEADY + 30));
        give(texts(0, 60));

        assertThat(events()).isEmpty();
    }

    private void openWatchingInputs() throws Exception {
        harness = watchingInputs(true);
        harness.open();
    }

    private TrainHarness watchingInputs(boolean inputs) throws Exception {
        return harness(
                backend,
                ALL_ADAPTERS,
                NEVER,
                Map.of(
                        "a",
                        TEMPLATE.toBuilder()
                                .drift(
                                        new DriftSettings(
                                                DriftMode.WATCH,
                                                DetectorKind.CUSUM,
                                                10_000,
                                                inputs))
                                .build()));
    }

    /** As {@link #changing}, but labels keep their meaning, and only one kind still comes. */
    private static List<MicroBatch> moving(int batches) {
        List<MicroBatch> moving = new ArrayList<>();
        for (int index = 0; index < batches; index++) {
            List<EncodedExample> examples = new ArrayList<>();
            for (int i = 0; i < OF_A_BATCH; i++) {
                int number = index * OF_A_BATCH + i;
                SplittableRandom random = new SplittableRandom(number);
                int kind = index < STEADY ? random.nextInt(2) : 1;
                examples.add(Examples.of("a", number, kind, tokens(random, kind)));
            }
            moving.add(new MicroBatch("a", examples));
        }
        return moving;
    }

    private static int[] tokens(SplittableRandom random, int kind) {
        int from = FIRST_TOKEN + 20 * kind;
        return random.ints(3 + random.nextInt(6), from, from + 10).toArray();
    }

    /** Requests of four texts; from the fortieth on, only one kind still comes. */
    private static List<PredictionRequest> texts(int from, int to) {
        return IntStream.range(from, to)
                .mapToObj(
                        index ->
                                new PredictionRequest(
                                        "a",
                                        IntStream.range(4 * index, 4 * index + 4)
                                                .mapToObj(DriftTest::input)
                                                .toList()))
                .toList();
    }

    private static EncodedInput input(int number) {
        SplittableRandom random = new SplittableRandom(77 + number);
        int kind = number < 160 ? random.nextInt(2) : 1;
        return Examples.input("text-" + number, "a", number, tokens(random, kind));
    }

    private void open(DriftMode mode) throws Exception {
        open(mode, DetectorKind.CUSUM);
    }

    private void open(DriftMode mode, DetectorKind detector) throws Exception {
        harness = watching(mode, detector);
        harness.open();
    }

    private TrainHarness watching(DriftMode mode, DetectorKind detector) throws Exception {
        return harness(
                backend,
                ALL_ADAPTERS,
                NEVER,
                Map.of(
                        "a",
                        TEMPLATE.toBuilder()
                                .drift(new DriftSettings(mode, detector, 10_000, false))
                                .build()));
    }

    /** Micro-batches whose labels follow their tokens, the other way round after some of them. */
    private static List<MicroBatch> changing(int batches) {
        return IntStream.range(0, batches).mapToObj(DriftTest::batch).toList();
    }

    private static MicroBatch batch(int index) {
        List<EncodedExample> examples = new ArrayList<>();
        for (int number = index * OF_A_BATCH; number < (index + 1) * OF_A_BATCH; number++) {
            SplittableRandom random = new SplittableRandom(number);
            int kind = random.nextInt(2);
            int[] tokens = tokens(random, kind);
            int label = index < STEADY ? kind : 1 - kind;
            examples.add(Examples.of("a", number, label, tokens));
        }
        return new MicroBatch("a", examples);
    }

    /** The stream up to the batch whose example raises the first alarm. */
    @SuppressWarnings("try") // the harness declares that closing throws any exception
    private List<MicroBatch> untilTheFirstAlarm() throws Exception {
        try (TrainHarness trial = harness(backend, ALL_ADAPTERS, NEVER, NAMED)) {
            trial.open();
            List<MicroBatch> given = new ArrayList<>();
            for (MicroBatch batch : changing(STEADY + 20)) {
                trial.processElement(batch, 0);
                given.add(batch);
                if (!trial.side(TrainOutputs.DRIFT_EVENTS).isEmpty()) {
                    break;
                }
            }
            return given;
        }
    }

    private List<DriftEvent> events() {
        return side(TrainOutputs.DRIFT_EVENTS);
    }

    private List<CommandAnswer> answers() {
        return side(TrainOutputs.ANSWERS);
    }

    private void carryOut(ControlCommand command) throws Exception {
        harness.processElement(new JudgedCommand.Accepted(command, 1), 0);
    }
}
