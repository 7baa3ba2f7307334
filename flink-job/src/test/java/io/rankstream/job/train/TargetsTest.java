package io.rankstream.job.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.rankstream.adapters.adalora.StreamingBudgetSchedule;
import io.rankstream.adapters.model.ModelSource;
import io.rankstream.adapters.model.bert.TinyBert;
import io.rankstream.adapters.settings.LearningRateSchedule;
import io.rankstream.adapters.settings.OptimizerSettings;
import io.rankstream.adapters.settings.TrainingTemplate;
import io.rankstream.adapters.state.AdapterState;
import io.rankstream.adapters.task.Score;
import io.rankstream.adapters.task.Target;
import io.rankstream.adapters.task.WatchedMetric;
import io.rankstream.adapters.task.classification.Classification;
import io.rankstream.adapters.task.regression.Regression;
import io.rankstream.adapters.task.tagging.TokenClassification;
import io.rankstream.adapters.tokens.Passage;
import io.rankstream.adapters.tokens.Tokens;
import io.rankstream.job.batch.Commands;
import io.rankstream.job.batch.Examples;
import io.rankstream.job.batch.JudgedCommand;
import io.rankstream.job.batch.MicroBatch;
import io.rankstream.job.config.settings.TrainSettings;
import io.rankstream.job.encode.EncodedExample;
import io.rankstream.job.metrics.JobMetric;
import io.rankstream.job.metrics.PerAdapter;
import io.rankstream.job.record.DeadLetters;
import io.rankstream.job.state.Backend;
import io.rankstream.schemas.CommandOutcome;
import io.rankstream.schemas.ControlAction;
import io.rankstream.schemas.ControlCommand;
import io.rankstream.schemas.DeadLetter;
import io.rankstream.schemas.DeadLetterReason;
import io.rankstream.schemas.Prediction;
import io.rankstream.schemas.TrainingReport;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A regression, a classification and a token classification beside each other: {@code price},
 * {@code mail} and {@code names}.
 */
class TargetsTest {

    private static final TrainingTemplate REGRESSION =
            TrainingTemplate.of(new Regression())
                    .initRank(2)
                    .alpha(4)
                    .schedule(new StreamingBudgetSchedule(1, 3, 2, 1))
                    .build();

    private static final List<String> TAGS = List.of("O", "B-PER", "I-PER", "B-LOC");

    private static final TrainingTemplate ENTITIES =
            TrainingTemplate.of(new TokenClassification())
                    .labels(TAGS)
                    .initRank(2)
                    .alpha(4)
                    .schedule(new StreamingBudgetSchedule(1, 3, 2, 1))
                    .optimizer(
                            new OptimizerSettings(
                                    1e-2,
                                    1e-2,
                                    .9,
                                    .999,
                                    1e-8,
                                    0,
                                    0,
                                    new LearningRateSchedule(0, 0)))
                    .build();

    /** Five words of one letter. */
    private static final String TEXT = "a b c d e";

    private static final Target NOTHING = new Target.Several(List.of());
    private static final Target LABELS = new Target.Several(List.of(label("ham"), label("spam")));
    private static final Target SPANS =
            new Target.Several(List.of(new Target.Span(0, 3), new Target.Span(4, 6, "name")));

    private static ModelSource model;

    @TempDir Path temp;

    private TrainHarness harness;
    private int next;

    @BeforeAll
    static void writeModel(@TempDir Path directory) throws IOException {
        model = TinyBert.small().writeTo(directory);
    }

    @BeforeEach
    void open() throws Exception {
        harness = newHarness();
        harness.open();
    }

    @AfterEach
    void close() throws Exception {
        harness.close();
    }

    private TrainHarness newHarness() throws Exception {
        return new TrainHarness(
                Backend.HASH_MAP,
                model,
                1000,
                new TrainSettings(1 << 30, 10, 0, Duration.ZERO),
                Examples.named(
                        Map.of(
                                "price",
                                REGRESSION,
                                "mail",
                                Examples.TEMPLATE,
                                "rent",
                                REGRESSION,
                                "chat",
                                Examples.TEMPLATE,
                                "names",
                                ENTITIES)),
                temp);
    }

    @Test
    void eachIsPredictedAndScoredByItsOwnTask() throws Exception {
        give("price", number(1), number(4), number(2));
        give("mail", label("ham"), label("spam"));

        TrainingReport ofPrice = reports().get(0);
        assertThat(ofPrice.getPrequentialAccuracy()).isNull();
        assertThat(ofPrice.getMajorityAccuracy()).isNull();
        assertThat(ofPrice.getMetrics())
                .containsKeys("pearson", "recentSpearman", "meanAbsoluteError", "meanSquaredError");
        TrainingReport ofMail = reports().get(1);
        assertThat(ofMail.getMetrics())
                .containsEntry("accuracy", ofMail.getPrequentialAccuracy())
                .doesNotContainKey("pearson");
        Prediction number = harness.side(TrainOutputs.PREDICTIONS).get(0);
        assertThat(number.getLabel()).isEqualTo(1.);
        assertThat(number.getPredictedLabel()).isInstanceOf(Double.class);
        assertThat(number.getProbability()).isNull();
        Prediction label = harness.side(TrainOutputs.PREDICTIONS).get(3);
        assertThat(label.getLabel()).isEqualTo("ham");
        assertThat(label.getProbability()).isBetween(0f, 1f);
    }

    static Stream<Arguments> misfits() {
        return Stream.of(
                Arguments.of("price", label("ham"), DeadLetterReason.TARGET_MISMATCH),
                Arguments.of("price", new Target.Span(0, 3), DeadLetterReason.TARGET_MISMATCH),
                Arguments.of("price", SPANS, DeadLetterReason.TARGET_MISMATCH),
                Arguments.of("price", LABELS, DeadLetterReason.TARGET_MISMATCH),
                Arguments.of("price", NOTHING, DeadLetterReason.TARGET_MISMATCH),
                Arguments.of("price", number(Double.NaN), DeadLetterReason.NOT_FINITE),
                Arguments.of("price", number(1e300), DeadLetterReason.NOT_FINITE),
                Arguments.of(
                        "price", number(Double.NEGATIVE_INFINITY), DeadLetterReason.NOT_FINITE),
                Arguments.of("mail", number(3.5), DeadLetterReason.TARGET_MISMATCH),
                Arguments.of("mail", number(Double.NaN), DeadLetterReason.TARGET_MISMATCH),
                Arguments.of("mail", new Target.Span(0, 3), DeadLetterReason.TARGET_MISMATCH),
                Arguments.of("mail", SPANS, DeadLetterReason.TARGET_MISMATCH),
                Arguments.of("mail", LABELS, DeadLetterReason.TARGET_MISMATCH),
                Arguments.of("mail", NOTHING, DeadLetterReason.TARGET_MISMATCH),
                Arguments.of("mail", label("eggs"), DeadLetterReason.UNKNOWN_LABEL),
                Arguments.of("names", label("PER"), DeadLetterReason.TARGET_MISMATCH),
                Arguments.of("names", LABELS, DeadLetterReason.TARGET_MISMATCH),
                Arguments.of("names", number(3.5), DeadLetterReason.TARGET_MISMATCH),
                Arguments.of("names", new Target.Span(0, 3), DeadLetterReason.TARGET_MISMATCH),
                Arguments.of("names", person(3, 3), DeadLetterReason.TARGET_MISMATCH),
                Arguments.of("names", person(4, 2), DeadLetterReason.TARGET_MISMATCH),
                Arguments.of("names", person(0, 10), DeadLetterReason.TARGET_MISMATCH),
                Arguments.of("names", person(1, 2), DeadLetterReason.TARGET_MISMATCH),
                Arguments.of("names", new Target.Span(0, 3, "LOC"), DeadLetterReason.UNKNOWN_LABEL),
                Arguments.of(
                        "names", new Target.Span(0, 3, "ORG"), DeadLetterReason.UNKNOWN_LABEL));
    }

    @Test
    void entitiesThatOverlapAreADeadLetter() throws Exception {
        give("names", new Target.Several(List.of(person(0, 5), person(4, 7))));

        assertThat(harness.side(DeadLetters.TAG))
                .singleElement()
                .satisfies(
                        letter -> {
                            assertThat(letter.getReason())
                                    .isEqualTo(DeadLetterReason.TARGET_MISMATCH);
                            assertThat(letter.getMessage())
                                    .contains("4 to 7 PER", "has a word of the one at 0 to 5 PER");
                        });
    }

    @Test
    void entitiesArePredictedAsAListOfSpansWithTheirKinds() throws Exception {
        Target truth = new Target.Several(List.of(person(0, 3), new Target.Span(8, 9, "LOC")));
        for (int i = 0; i < 40; i++) {
            give("names", truth, NOTHING);
            next -= 2;
        }

        TrainingReport report = reports().get(39);
        assertThat(report.getMetrics()).containsKeys("entityF1", "recentEntityF1");
        assertThat(report.getPrequentialAccuracy()).isNull();
        List<Prediction> predictions = harness.side(TrainOutputs.PREDICTIONS);
        assertThat(predictions).hasSize(80);
        Prediction last = predictions.get(78);
        assertThat(last.getLabel())
                .isEqualTo(
                        List.of(
                                new io.rankstream.schemas.Span(0, 3, "PER"),
                                new io.rankstream.schemas.Span(8, 9, "LOC")));
        assertThat(last.getPredictedLabel()).isEqualTo(last.getLabel());
        assertThat(last.getProbability()).isNull();
        assertThat(predictions.get(79).getLabel()).isEqualTo(List.of());
    }

    @Test
    void tagsThatWouldNotBeAKindsAreRefusedByCommand() throws Exception {
        give("names", NOTHING);
        AdapterState before = adapter("names");
        command("names", ControlAction.RETIRE_LABEL, "B-PER");
        command("names", ControlAction.RETIRE_LABEL, "O");
        command("names", ControlAction.ADD_LABEL, "I-ORG");
        command("names", ControlAction.ADD_LABEL, "ORG");
        assertThat(adapter("names")).isEqualTo(before);
        command("names", ControlAction.ADD_LABEL, "B-ORG", "I-ORG");
        command("names", ControlAction.RETIRE_LABEL, "B-PER", "I-PER");

        assertThat(harness.side(TrainOutputs.ANSWERS))
                .extracting(answer -> answer.getOutcome() + " " + answer.getMessage())
                .satisfiesExactly(
                        refused ->
                                assertThat(refused)
                                        .startsWith("REFUSED")
                                        .contains("expected B-PER beside it"),
                        refused -> assertThat(refused).startsWith("REFUSED").contains("no label O"),
                        refused ->
                                assertThat(refused)
                                        .startsWith("REFUSED")
                                        .contains("expected B-ORG beside it"),
                        refused -> assertThat(refused).startsWith("REFUSED").contains("is no tag"),
                        done -> assertThat(done).startsWith("DONE"),
                        done -> assertThat(done).startsWith("DONE"));
        assertThat(adapter("names").head().labels().active())
                .containsExactly("O", "B-LOC", "B-ORG", "I-ORG");
    }

    private void command(String adapter, ControlAction action, String... labels) throws Exception {
        ControlCommand command =
                ControlCommand.newBuilder(Commands.of(adapter, action))
                        .setLabels(List.of(labels))
                        .build();
        harness.processElement(new JudgedCommand.Accepted(command, 1), 0);
    }

    @ParameterizedTest
    @MethodSource("misfits")
    void aTargetThatDoesNotFitIsADeadLetterAndTheOthersAreLearned(
            String adapter, Target target, DeadLetterReason reason) throws Exception {
        Target good =
                switch (adapter) {
                    case "price" -> number(2);
                    case "names" -> person(0, 3);
                    default -> label("ham");
                };

        give(adapter, good, target, good);

        List<DeadLetter> letters = harness.side(DeadLetters.TAG);
        assertThat(letters).extracting(DeadLetter::getReason).containsExactly(reason);
        assertThat(letters.get(0).getMessage()).contains("'" + adapter + "'", target.shown());
        assertThat(reports()).extracting(TrainingReport::getExamples).containsExactly(2);
    }

    @Test
    void aRestoredRegressionGoesOnBitForBit() throws Exception {
        give("price", number(1), number(4));
        OperatorSubtaskState snapshot = harness.snapshot(1, 1);
        give("price", number(3), number(.5));
        AdapterState uninterrupted = adapter("price");
        harness.close();

        harness = newHarness();
        harness.initializeState(snapshot);
        harness.open();
        next = 2;
        give("price", number(3), number(.5));

        assertThat(adapter("price")).isEqualTo(uninterrupted);
    }

    @Test
    void aRegressionHasNoLabelsToAddOrRetire() throws Exception {
        give("price", number(1), number(4));
        AdapterState before = adapter("price");
        for (ControlAction action : List.of(ControlAction.ADD_LABEL, ControlAction.RETIRE_LABEL)) {
            ControlCommand command =
                    ControlCommand.newBuilder(Commands.of("price", action))
                            .setLabels(List.of("ham"))
                            .build();
            harness.processElement(new JudgedCommand.Accepted(command, 1), 0);
        }

        assertThat(harness.side(TrainOutputs.ANSWERS))
                .hasSize(2)
                .allSatisfy(
                        answer -> {
                            assertThat(answer.getOutcome()).isEqualTo(CommandOutcome.REFUSED);
                            assertThat(answer.getMessage())
                                    .isEqualTo(
                                            "the adapter learns a regression, which has no labels");
                        });
        assertThat(adapter("price")).isEqualTo(before);
    }

    @Test
    void anAdapterHasTheGaugesOfItsOwnTask() throws Exception {
        give("price", number(1), number(4));
        give("price", number(3), number(.5));
        give("mail", label("ham"), label("spam"));

        assertThat(WatchedMetric.all())
                .allSatisfy(
                        metric -> {
                            assertThat(Double.isNaN(gauge(metric, "price")))
                                    .isNotEqualTo(new Regression().watched().contains(metric));
                            assertThat(Double.isNaN(gauge(metric, "mail")))
                                    .isNotEqualTo(new Classification().watched().contains(metric));
                        });
    }

    @Test
    void aTokenClassificationHasTheGaugesOfEntities() throws Exception {
        give("names", person(0, 3), NOTHING);

        assertThat(WatchedMetric.all())
                .allSatisfy(
                        metric ->
                                assertThat(Double.isNaN(gauge(metric, "names")))
                                        .isNotEqualTo(
                                                new TokenClassification()
                                                        .watched()
                                                        .contains(metric)));
    }

    /** Two have places of their own; a price that is not hit is no wrong label. */
    @Test
    void meansOfAdaptersTogetherAreOfThoseThatHaveThem() throws Exception {
        give("price", number(1));
        give("mail", label("ham"));
        give("rent", number(1), number(4));
        give("chat", label("ham"), label("ham"));
        give("rent", number(1), number(4), number(7));

        Score<?> chat = adapter("chat").meta().score();
        Score<?> rent = adapter("rent").meta().score();
        assertThat(WatchedMetric.all().stream().filter(metric -> has(metric, PerAdapter.OTHERS)))
                .containsExactlyElementsOf(
                        WatchedMetric.all().stream().filter(WatchedMetric::isMean).toList())
                .allSatisfy(
                        metric ->
                                assertThat(gauge(metric, PerAdapter.OTHERS))
                                        .as(metric.name())
                                        .isCloseTo(
                                                metric.of(chat)
                                                        .orElseGet(
                                                                () ->
                                                                        metric.of(rent)
                                                                                .orElse(
                                                                                        Double
                                                                                                .NaN)),
                                                within(1e-9)));
    }

    private double gauge(WatchedMetric metric, String adapter) {
        return harness.metrics().value(JobMetric.of(metric), adapter);
    }

    private boolean has(WatchedMetric metric, String adapter) {
        return harness.metrics().has(JobMetric.of(metric), adapter);
    }

    private AdapterState adapter(String id) throws Exception {
        harness.snapshot(9, 9);
        return harness.adapters().get(id);
    }

    private List<TrainingReport> reports() {
        return harness.extractOutputValues();
    }

    private void give(String adapter, Target... targets) throws Exception {
        List<EncodedExample> batch = new ArrayList<>();
        for (Target target : targets) {
            next++;
            EncodedExample example =
                    Examples.with(target, Examples.of(adapter, next, 0, 2, 5 + next % 20, 30, 3));
            batch.add(adapter.equals("names") ? placed(example) : example);
        }
        harness.processElement(new MicroBatch(adapter, batch), 0);
    }

    private static EncodedExample placed(EncodedExample example) {
        int[] starts = {0, 2, 4, 6, 8};
        int[] ends = {1, 3, 5, 7, 9};
        Tokens text =
                new Tokens(
                        new int[] {
                            5,
                            10 + 10 * (example.id().charAt(example.id().length() - 1) % 2),
                            7,
                            8,
                            9
                        },
                        5,
                        false,
                        new int[0],
                        Optional.of(new Passage(TEXT, starts, ends, List.of())));
        return new EncodedExample(
                example.id(),
                example.adapterId(),
                example.target(),
                example.eventTime(),
                text,
                example.origin());
    }

    private static Target.Span person(int start, int end) {
        return new Target.Span(start, end, "PER");
    }

    private static Target number(double value) {
        return new Target.Numeric(value);
    }

    private static Target label(String name) {
        return new Target.Label(name);
    }
}
