package io.rankstream.job.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.rankstream.adapters.adalora.StreamingBudgetSchedule;
import io.rankstream.adapters.model.ModelSource;
import io.rankstream.adapters.model.bert.TinyBert;
import io.rankstream.adapters.settings.TrainingTemplate;
import io.rankstream.adapters.state.AdapterState;
import io.rankstream.adapters.task.Score;
import io.rankstream.adapters.task.Target;
import io.rankstream.adapters.task.WatchedMetric;
import io.rankstream.adapters.task.classification.Classification;
import io.rankstream.adapters.task.regression.Regression;
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

/** A regression and a classification beside each other: {@code price} and {@code mail}. */
class TargetsTest {

    private static final TrainingTemplate REGRESSION =
            TrainingTemplate.of(new Regression())
                    .initRank(2)
                    .alpha(4)
                    .schedule(new StreamingBudgetSchedule(1, 3, 2, 1))
                    .build();

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
                                Examples.TEMPLATE)),
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
                Arguments.of("mail", label("eggs"), DeadLetterReason.UNKNOWN_LABEL));
    }

    @ParameterizedTest
    @MethodSource("misfits")
    void aTargetThatDoesNotFitIsADeadLetterAndTheOthersAreLearned(
            String adapter, Target target, DeadLetterReason reason) throws Exception {
        Target good = adapter.equals("price") ? number(2) : label("ham");

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
            batch.add(
                    Examples.with(target, Examples.of(adapter, next, 0, 2, 5 + next % 20, 30, 3)));
        }
        harness.processElement(new MicroBatch(adapter, batch), 0);
    }

    private static Target number(double value) {
        return new Target.Numeric(value);
    }

    private static Target label(String name) {
        return new Target.Label(name);
    }
}
