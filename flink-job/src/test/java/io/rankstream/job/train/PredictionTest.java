package io.rankstream.job.train;

import static io.rankstream.job.train.MicroBatches.FIRST_TOKEN;
import static io.rankstream.job.train.MicroBatches.batch;
import static org.assertj.core.api.Assertions.assertThat;

import io.rankstream.adapters.Prediction;
import io.rankstream.adapters.model.ModelSource;
import io.rankstream.adapters.model.bert.PoisonedBert;
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
import io.rankstream.job.batch.UnlabeledText;
import io.rankstream.job.config.settings.AdapterSettings;
import io.rankstream.job.config.settings.TrainSettings;
import io.rankstream.job.record.DeadLetters;
import io.rankstream.job.record.RawRecord;
import io.rankstream.job.state.Backend;
import io.rankstream.schemas.CommandAnswer;
import io.rankstream.schemas.CommandOutcome;
import io.rankstream.schemas.ControlAction;
import io.rankstream.schemas.DeadLetter;
import io.rankstream.schemas.DeadLetterReason;
import io.rankstream.schemas.TrainingReport;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Predictions of texts whose labels are not known. */
@ParameterizedClass
@EnumSource(Backend.class)
class PredictionTest {

    private static final int NEVER = 1_000_000;
    private static final long ONE_ADAPTER = 1;
    private static final int ALONE = 0;
    private static final int WAITING = 1_000_000;

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
    void comesInTheOrderOfItsKeyAndSeesTheStepsBeforeIt(int bundleTokens) throws Exception {
        open(bundleTokens);

        give(List.of(request("a", 0, 2), batch("a", 0, 2), request("a", 1, 1)));
        give(List.of(batch("b", 0, 2), batch("a", 1, 2), request("a", 2, 1)));
        harness.getOperator().finish();

        assertThat(predictions()).extracting(TextPrediction::adapterId).containsOnly("a");
        assertThat(predictions())
                .extracting(TextPrediction::textId)
                .containsExactly("a-0-0", "a-0-1", "a-1-0", "a-2-0");
        assertThat(predictions()).extracting(TextPrediction::step).containsExactly(0L, 0L, 1L, 2L);
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
                    .extracting(TextPrediction::prediction)
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
                    .extracting(TextPrediction::prediction)
                    .isEqualTo(expected(prior, request("x", 1, 2)));
        }
        assertThat(predictions()).extracting(TextPrediction::step).containsOnly(0L);
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
        open(ALONE, 1);

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
        List<TextPrediction> uninterrupted = predictions();
        harness.close();

        restore(WAITING, asking);
        assertThat(predictions()).isEmpty();
        harness.getOperator().finish();

        assertThat(uninterrupted).hasSize(5);
        assertThat(predictions())
                .usingElementComparator(
                        (one, other) ->
                                one.textId().equals(other.textId())
                                                && isClose(one.prediction(), other.prediction())
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
        UnlabeledText poison =
                new UnlabeledText(
                        "bad", 5, new Tokens(new int[] {PoisonedBert.POISON}, false), record(9));

        give(List.of(new PredictionRequest("a", List.of(good.texts().get(0), poison))));
        give(List.of(request("b", 0, 1)));
        harness.getOperator().finish();

        assertThat(predictions())
                .extracting(TextPrediction::textId)
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
        harness = harness(ALONE, 0, false);
        harness.open();

        give(List.of(request("other", 0, 2)));

        assertThat(predictions()).isEmpty();
        assertThat(letters())
                .extracting(DeadLetter::getReason)
                .containsExactly(
                        DeadLetterReason.UNKNOWN_ADAPTER, DeadLetterReason.UNKNOWN_ADAPTER);
    }

    @Test
    void andItsRequestSurviveTheirSerializers() throws Exception {
        open(ALONE);
        PredictionRequest request = request("a", 0, 2);
        give(List.of(request));

        AdapterWork read = roundTrip(request);

        assertThat(read).usingRecursiveComparison().isEqualTo(request);
        TextPrediction prediction = predictions().get(0);
        assertThat(TextPredictionSerializer.INSTANCE.copy(prediction)).isEqualTo(prediction);
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
        float[][] logits =
                adapter.logits(request.texts().stream().map(text -> text.tokens().ids()).toList());
        return IntStream.range(0, logits.length).mapToObj(i -> prediction(logits[i])).toList();
    }

    private static Prediction prediction(float[] logits) {
        Task<?> task = Examples.TEMPLATE.head().task();
        return new Prediction(
                task.said(logits, Examples.LABELS), task.probabilities(logits, Examples.LABELS));
    }

    /** The request with number {@code index}: always the same texts. */
    private static PredictionRequest request(String adapterId, int index, int size) {
        SplittableRandom random = new SplittableRandom(1_000 + index);
        List<UnlabeledText> texts = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            int[] tokens =
                    random.ints(3 + random.nextInt(6), FIRST_TOKEN, FIRST_TOKEN + 50).toArray();
            texts.add(
                    new UnlabeledText(
                            adapterId + "-" + index + "-" + i,
                            index,
                            new Tokens(tokens, false),
                            record(i)));
        }
        return new PredictionRequest(adapterId, texts);
    }

    private static RawRecord record(int offset) {
        return new RawRecord("unlabeled", 0, offset, null, "text".getBytes(StandardCharsets.UTF_8));
    }

    private void open(int bundleTokens) throws Exception {
        open(bundleTokens, 10);
    }

    private void open(int bundleTokens, int maxAdapters) throws Exception {
        harness = harness(bundleTokens, maxAdapters, true);
        harness.open();
    }

    private void restore(int bundleTokens, OperatorSubtaskState snapshot) throws Exception {
        harness = harness(bundleTokens, 10, true);
        harness.initializeState(snapshot);
        harness.open();
    }

    private TrainHarness harness(int bundleTokens, int maxAdapters, boolean any) throws Exception {
        var named = Examples.named(Map.of("a", Examples.TEMPLATE, "b", Examples.TEMPLATE));
        return new TrainHarness(
                backend,
                model,
                NEVER,
                new TrainSettings(ONE_ADAPTER, maxAdapters, bundleTokens, Duration.ofDays(1)),
                any ? named.withOthers(new AdapterSettings(Examples.TEMPLATE)) : named,
                temp);
    }

    private void give(List<? extends AdapterWork> works) throws Exception {
        for (AdapterWork work : works) {
            harness.processElement(work, 0);
        }
    }

    private List<TextPrediction> predictions() {
        return harness.side(TrainOutputs.TEXT_PREDICTIONS);
    }

    private List<DeadLetter> letters() {
        return harness.side(DeadLetters.TAG);
    }
}
