package io.rankstream.job.train;

import static io.rankstream.job.train.MicroBatches.FIRST_TOKEN;
import static io.rankstream.job.train.MicroBatches.batch;
import static org.assertj.core.api.Assertions.assertThat;

import io.rankstream.adapters.Prediction;
import io.rankstream.adapters.model.ModelSource;
import io.rankstream.adapters.model.bert.PoisonedBert;
import io.rankstream.adapters.task.Target;
import io.rankstream.adapters.task.Task;
import io.rankstream.adapters.tokens.Tokens;
import io.rankstream.adapters.training.Learner;
import io.rankstream.adapters.training.ResidentAdapter;
import io.rankstream.job.batch.AdapterWork;
import io.rankstream.job.batch.AdapterWorkSerializer;
import io.rankstream.job.batch.Commands;
import io.rankstream.job.batch.Examples;
import io.rankstream.job.batch.JudgedCommand;
import io.rankstream.job.batch.PredictionRequest;
import io.rankstream.job.batch.PredictionRequestSerializer;
import io.rankstream.job.config.settings.AdapterSettings;
import io.rankstream.job.config.settings.PredictSettings;
import io.rankstream.job.config.settings.TrainSettings;
import io.rankstream.job.encode.EncodedInput;
import io.rankstream.job.input.ModelVersion;
import io.rankstream.job.input.PredictedInput;
import io.rankstream.job.metrics.JobMetric;
import io.rankstream.job.record.DeadLetters;
import io.rankstream.job.record.RawRecordSerializer;
import io.rankstream.job.state.Backend;
import io.rankstream.schemas.CommandAnswer;
import io.rankstream.schemas.CommandOutcome;
import io.rankstream.schemas.ControlAction;
import io.rankstream.schemas.DeadLetter;
import io.rankstream.schemas.DeadLetterReason;
import io.rankstream.schemas.TrainingReport;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.types.StringValue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Predictions of inputs without a label. */
@ParameterizedClass
@EnumSource(Backend.class)
class PredictionTest {

    private static final int NEVER = 1_000_000;
    private static final long ONE_ADAPTER = 1;
    private static final int ALONE = 0;
    private static final int WAITING = 1_000_000;
    private static final long LINGER = 50;

    private static ModelSource model;

    @TempDir Path temp;

    private final Backend backend;
    private TrainHarness harness;

    PredictionTest(Backend backend) {
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

    @ParameterizedTest
    @ValueSource(ints = {ALONE, 20, WAITING})
    void changesNoAdapter(int bundleTokens) throws Exception {
        List<AdapterWork> steps = new ArrayList<>();
        List<AdapterWork> both = new ArrayList<>();
        SplittableRandom random = new SplittableRandom(3);
        for (int i = 0; i < 24; i++) {
            String adapterId = List.of("a", "b", "x").get(random.nextInt(3));
            steps.add(batch(adapterId, i, 3));
            both.add(batch(adapterId, i, 3));
            both.add(request(List.of("a", "b", "y").get(random.nextInt(3)), i, 2));
        }

        open(ALONE);
        give(steps);
        harness.getOperator().finish();
        harness.snapshot(1, 1);
        var untouched = harness.adapters();
        List<TrainingReport> reports = harness.extractOutputValues();
        harness.close();
        open(bundleTokens);
        give(both);
        harness.getOperator().finish();
        harness.snapshot(1, 1);

        assertThat(predictions()).hasSize(2 * 24);
        if (bundleTokens == ALONE) {
            assertThat(harness.adapters()).isEqualTo(untouched);
            assertThat(harness.extractOutputValues()).isEqualTo(reports);
        }
        assertThat(harness.adapters()).containsOnlyKeys(untouched.keySet());
        assertThat(harness.extractOutputValues()).hasSameSizeAs(reports);
    }

    @ParameterizedTest
    @ValueSource(ints = {ALONE, WAITING})
    void comesInTheOrderOfItsKeyAndSeesTheStepsBeforeIt(int predictTokens) throws Exception {
        open(ALONE, predictTokens);

        give(List.of(request("a", 0, 2), batch("a", 0, 2), request("a", 1, 1)));
        give(List.of(batch("b", 0, 2), batch("a", 1, 2), request("a", 2, 1)));
        harness.getOperator().finish();

        assertThat(predictions()).extracting(PredictedInput::adapterId).containsOnly("a");
        assertThat(predictions())
                .extracting(PredictionTest::id)
                .containsExactly("a-0-0", "a-0-1", "a-1-0", "a-2-0");
        assertThat(predictions()).extracting(PredictedInput::step).containsExactly(0L, 0L, 1L, 2L);
    }

    @Test
    void goesBeforeAStepThatBeginsAfterItCame() throws Exception {
        open(ALONE, WAITING);
        give(List.of(batch("b", 0, 2), request("a", 0, 1), request("b", 0, 1)));
        assertThat(predictions()).isEmpty();

        give(List.of(batch("b", 1, 2)));

        assertThat(predictions()).extracting(PredictionTest::id).containsExactly("a-0-0", "b-0-0");
        assertThat(predictions()).extracting(PredictedInput::step).containsExactly(0L, 1L);
        assertThat(harness.extractOutputValues()).hasSize(2);
    }

    @Test
    void doesNotWaitForABundleOfMicroBatchesThatIsStillOpen() throws Exception {
        open(WAITING, 10);

        give(List.of(batch("a", 0, 2), request("a", 0, 4)));

        assertThat(predictions()).hasSize(4).extracting(PredictedInput::step).containsOnly(0L);
        assertThat(harness.extractOutputValues()).isEmpty();
    }

    @Test
    void ofSeveralAdaptersThatCameOneByOneIsMadeTogetherWhenTheFirstHasWaitedLongEnough()
            throws Exception {
        open(ALONE, WAITING);
        harness.setProcessingTime(1_000);
        give(List.of(request("a", 0, 1), request("b", 0, 1)));
        harness.setProcessingTime(1_000 + LINGER - 1);
        give(List.of(request("a", 1, 1)));
        assertThat(predictions()).isEmpty();

        harness.setProcessingTime(1_000 + LINGER);

        assertThat(predictions())
                .extracting(PredictionTest::id)
                .containsExactly("a-0-0", "a-1-0", "b-0-0");
        assertThat(predictions())
                .extracting(PredictedInput::predictedAt)
                .containsOnly(1_000L + LINGER);
        give(List.of(request("a", 2, 1)));
        harness.setProcessingTime(1_000 + 2 * LINGER);
        assertThat(predictions()).hasSize(4);
    }

    @Test
    void goesBeforeACommandToItsAdapterAndWaitsForNoOther() throws Exception {
        open(ALONE, WAITING);
        give(List.of(batch("a", 0, 2), batch("b", 0, 2), request("a", 0, 1)));

        give(List.of(command("b", ControlAction.PUBLISH)));
        assertThat(predictions()).isEmpty();
        give(List.of(command("a", ControlAction.PUBLISH), request("a", 1, 1)));
        harness.getOperator().finish();

        assertThat(predictions())
                .extracting(PredictedInput::version)
                .containsExactly(Optional.empty(), Optional.of(new ModelVersion.Published(1)));
    }

    @Test
    void tellsTheStepTheLabelsAndWhatWasRead() throws Exception {
        open(ALONE, ALONE);
        EncodedInput cut =
                new EncodedInput(
                        request("a", 0, 1).inputs().get(0).input(),
                        new Tokens(new int[] {FIRST_TOKEN, FIRST_TOKEN + 1}, true));

        give(List.of(batch("a", 0, 2), new PredictionRequest("a", List.of(cut))));

        PredictedInput predicted = predictions().get(0);
        assertThat(predicted.input()).isEqualTo(cut.input());
        assertThat(predicted.step()).isEqualTo(1);
        assertThat(predicted.version()).isEmpty();
        assertThat(predicted.prior()).isFalse();
        assertThat(predicted.truncated()).isTrue();
        assertThat(predicted.labels()).isEqualTo(Examples.LABELS);
        assertThat(predicted.labelRevision()).isEqualTo(1);
        assertThat(predicted.vectorNorm()).isPositive().isFinite();
        assertThat(predicted.predicted())
                .contains(new Target.Label(predicted.labels().get(predicted.said().best())));
    }

    @Test
    void isCounted() throws Exception {
        open(ALONE, ALONE);

        give(List.of(request("a", 0, 2), request("b", 0, 1)));

        assertThat(harness.metrics().value(JobMetric.PREDICTED_INPUTS)).isEqualTo(3);
    }

    @Test
    void isThatOfTheWeightsOfTheMoment() throws Exception {
        open(ALONE);
        give(List.of(batch("a", 0, 2), batch("a", 1, 2), request("a", 7, 3)));
        harness.snapshot(1, 1);

        try (Learner learner = Learner.open(model, 1);
                ResidentAdapter live =
                        learner.admit(harness.adapters().get("a"), Examples.TEMPLATE)) {
            assertThat(predictions())
                    .extracting(PredictionTest::prediction)
                    .isEqualTo(expected(live, request("a", 7, 3)));
        }
    }

    @Test
    void ofAnAdapterThatIsNotThereYetIsItsTemplatesPrior() throws Exception {
        open(ALONE);
        give(List.of(request("x", 1, 2), request("y", 1, 2)));

        try (Learner learner = Learner.open(model, 1);
                ResidentAdapter prior =
                        learner.admit(learner.create("x", Examples.TEMPLATE), Examples.TEMPLATE)) {
            assertThat(predictions().subList(0, 2))
                    .extracting(PredictionTest::prediction)
                    .isEqualTo(expected(prior, request("x", 1, 2)));
        }
        assertThat(predictions()).extracting(PredictedInput::step).containsOnly(0L);
        assertThat(predictions()).extracting(PredictedInput::prior).containsOnly(true);
        harness.snapshot(1, 1);
        assertThat(harness.adapters()).isEmpty();
        harness.processElement(
                new JudgedCommand.Accepted(Commands.of("x", ControlAction.PUBLISH), 1), 0);
        assertThat(harness.side(TrainOutputs.ANSWERS))
                .extracting(CommandAnswer::getOutcome)
                .containsExactly(CommandOutcome.REFUSED);
    }

    @Test
    void takesNoPlaceOfAnAdapterThatLearns() throws Exception {
        harness = harness(ALONE, ALONE, 1, true);
        harness.open();

        give(List.of(request("x", 0, 1), request("y", 0, 1), batch("z", 0, 2)));
        give(List.of(request("y", 1, 1), batch("y", 1, 1)));

        assertThat(predictions()).hasSize(3);
        assertThat(harness.extractOutputValues())
                .extracting(TrainingReport::getAdapterId)
                .containsExactly("z");
        assertThat(letters())
                .extracting(DeadLetter::getReason)
                .containsExactly(DeadLetterReason.ADAPTER_LIMIT);
    }

    @Test
    void thatWaitsIsTheSameAfterARestore() throws Exception {
        List<AdapterWork> learned = List.of(batch("a", 0, 2), batch("b", 0, 2));
        List<AdapterWork> asked =
                List.of(request("b", 1, 2), request("x", 1, 1), request("a", 1, 2));
        open(ALONE);
        give(learned);
        OperatorSubtaskState trained = harness.snapshot(1, 1);
        harness.close();
        restore(WAITING, trained);
        give(asked);
        OperatorSubtaskState asking = harness.snapshot(2, 2);
        harness.getOperator().finish();
        List<PredictedInput> uninterrupted = predictions();
        harness.close();

        restore(WAITING, asking);
        assertThat(predictions()).isEmpty();
        harness.getOperator().finish();

        assertThat(uninterrupted).hasSize(5);
        assertThat(predictions())
                .usingElementComparator(
                        (one, other) ->
                                id(one).equals(id(other))
                                                && isClose(prediction(one), prediction(other))
                                        ? 0
                                        : 1)
                .containsExactlyInAnyOrderElementsOf(uninterrupted);
        harness.snapshot(3, 3);
        OperatorSubtaskState answered = harness.snapshot(4, 4);
        harness.close();
        restore(WAITING, answered);
        harness.getOperator().finish();
        assertThat(predictions()).isEmpty();
    }

    @Test
    void thatIsNotFiniteIsADeadLetterWithItsBytesAndHarmsNoOther() throws Exception {
        open(WAITING);
        PredictionRequest good = request("a", 0, 1);
        EncodedInput poison = Examples.input("bad", "a", 9, PoisonedBert.POISON);

        give(List.of(new PredictionRequest("a", List.of(good.inputs().get(0), poison))));
        give(List.of(request("b", 0, 1)));
        harness.getOperator().finish();

        assertThat(predictions())
                .extracting(PredictionTest::id)
                .containsExactlyInAnyOrder("a-0-0", "b-0-0");
        assertThat(letters())
                .singleElement()
                .satisfies(
                        letter -> {
                            assertThat(letter.getReason()).isEqualTo(DeadLetterReason.NOT_FINITE);
                            assertThat(letter.getOffset()).isEqualTo(9);
                        });
    }

    @Test
    void ofAnAdapterThatTheConfigurationDoesNotNameIsRefused() throws Exception {
        harness = harness(ALONE, ALONE, 0, false);
        harness.open();

        give(List.of(request("other", 0, 2)));

        assertThat(predictions()).isEmpty();
        assertThat(letters())
                .extracting(DeadLetter::getReason)
                .containsExactly(
                        DeadLetterReason.UNKNOWN_ADAPTER, DeadLetterReason.UNKNOWN_ADAPTER);
    }

    @Test
    void isOfARequestThatSurvivesItsSerializer() throws Exception {
        open(ALONE);
        PredictionRequest request = request("a", 0, 2);
        give(List.of(request));

        AdapterWork read = roundTrip(request);

        assertThat(read).usingRecursiveComparison().isEqualTo(request);
        assertThat(predictions()).hasSize(2);
    }

    @Test
    void isMadeOfARequestThatAnEarlierReleaseWrote() throws Exception {
        EncodedInput input = request("a", 0, 1).inputs().get(0);
        DataOutputSerializer target = new DataOutputSerializer(64);
        target.writeByte(2);
        target.writeUTF("a");
        target.writeInt(1);
        StringValue.writeString(input.input().exampleId(), target);
        target.writeLong(input.input().eventTime());
        writeInts(input.tokens().ids(), target);
        target.writeInt(input.tokens().second());
        target.writeBoolean(input.tokens().truncated());
        writeInts(input.tokens().words(), target);
        RawRecordSerializer.INSTANCE.serialize(input.input().origin(), target);

        PredictionRequest read =
                PredictionRequestSerializer.INSTANCE.deserialize(
                        new DataInputDeserializer(target.getCopyOfBuffer()));

        open(ALONE, ALONE);
        give(List.of(read));
        assertThat(predictions()).extracting(PredictionTest::id).containsExactly("a-0-0");
        assertThat(predictions().get(0).input().text()).isEmpty();
    }

    private static void writeInts(int[] values, DataOutputSerializer target) throws IOException {
        target.writeInt(values.length);
        for (int value : values) {
            target.writeInt(value);
        }
    }

    private static AdapterWork roundTrip(AdapterWork work) throws IOException {
        DataOutputSerializer target = new DataOutputSerializer(64);
        AdapterWorkSerializer.INSTANCE.serialize(work, target);
        return AdapterWorkSerializer.INSTANCE.deserialize(
                new DataInputDeserializer(target.getCopyOfBuffer()));
    }

    private static boolean isClose(Prediction one, Prediction other) {
        return one.label().equals(other.label())
                && Math.abs(one.probability() - other.probability()) < 1e-5;
    }

    private static List<Prediction> expected(ResidentAdapter adapter, PredictionRequest request) {
        List<Tokens> texts = request.inputs().stream().map(EncodedInput::tokens).toList();
        float[][] logits = adapter.logitsOf(texts);
        return IntStream.range(0, logits.length)
                .mapToObj(i -> prediction(logits[i], texts.get(i)))
                .toList();
    }

    private static Prediction prediction(float[] logits, Tokens text) {
        Task<?> task = Examples.TEMPLATE.head().task();
        return new Prediction(
                task.said(logits, text, Examples.LABELS),
                task.probabilities(logits, Examples.LABELS));
    }

    /** The request with number {@code index}: always the same texts. */
    private static PredictionRequest request(String adapterId, int index, int size) {
        SplittableRandom random = new SplittableRandom(1_000 + index);
        List<EncodedInput> inputs = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            int[] tokens =
                    random.ints(3 + random.nextInt(6), FIRST_TOKEN, FIRST_TOKEN + 50).toArray();
            inputs.add(Examples.input(adapterId + "-" + index + "-" + i, adapterId, i, tokens));
        }
        return new PredictionRequest(adapterId, inputs);
    }

    private static JudgedCommand command(String adapterId, ControlAction action) {
        return new JudgedCommand.Accepted(Commands.of(adapterId, action), 1);
    }

    private static String id(PredictedInput predicted) {
        return predicted.input().exampleId();
    }

    private static Prediction prediction(PredictedInput predicted) {
        Map<String, Float> probabilities = new LinkedHashMap<>();
        for (int i = 0; i < predicted.labels().size(); i++) {
            probabilities.put(predicted.labels().get(i), predicted.probabilities()[i]);
        }
        return new Prediction(predicted.predicted().orElseThrow(), probabilities);
    }

    /** The same limit for micro-batches and for inputs. */
    private void open(int bundleTokens) throws Exception {
        open(bundleTokens, bundleTokens);
    }

    private void open(int bundleTokens, int predictTokens) throws Exception {
        harness = harness(bundleTokens, predictTokens, 10, true);
        harness.open();
    }

    private void restore(int bundleTokens, OperatorSubtaskState snapshot) throws Exception {
        harness = harness(bundleTokens, bundleTokens, 10, true);
        harness.initializeState(snapshot);
        harness.open();
    }

    private TrainHarness harness(int bundleTokens, int predictTokens, int maxAdapters, boolean any)
            throws Exception {
        var named = Examples.named(Map.of("a", Examples.TEMPLATE, "b", Examples.TEMPLATE));
        return new TrainHarness(
                backend,
                model,
                NEVER,
                new TrainSettings(
                        ONE_ADAPTER,
                        maxAdapters,
                        bundleTokens,
                        Duration.ofDays(1),
                        new PredictSettings(predictTokens, Duration.ofMillis(LINGER)),
                        false),
                any ? named.withOthers(new AdapterSettings(Examples.TEMPLATE)) : named,
                temp);
    }

    private void give(List<? extends AdapterWork> works) throws Exception {
        for (AdapterWork work : works) {
            harness.processElement(work, 0);
        }
    }

    private List<PredictedInput> predictions() {
        return harness.side(TrainOutputs.PREDICTED_INPUTS);
    }

    private List<DeadLetter> letters() {
        return harness.side(DeadLetters.TAG);
    }
}
