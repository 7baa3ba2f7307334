package io.rankstream.adapters.training;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.rankstream.adapters.peft.HeadLabels;
import io.rankstream.adapters.peft.PeftException;
import io.rankstream.adapters.peft.PeftExport;
import io.rankstream.adapters.settings.AdapterMismatchException;
import io.rankstream.adapters.settings.FixedSettings;
import io.rankstream.adapters.settings.TrainingTemplate;
import io.rankstream.adapters.snapshot.AdapterSnapshot;
import io.rankstream.adapters.state.AdapterState;
import io.rankstream.adapters.task.HeadKind;
import io.rankstream.adapters.task.Target;
import io.rankstream.adapters.task.classification.Classification;
import io.rankstream.adapters.task.multilabel.MultiLabel;
import io.rankstream.adapters.version.ModelCard;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An adapter that says any number of labels. */
class MultiLabelAdapterTest {

    private static final List<String> LABELS = List.of("refund", "broken", "late");

    private static Learner learner;

    @BeforeAll
    static void open(@TempDir Path directory) throws IOException {
        learner = TinyLearner.open(directory);
    }

    @AfterAll
    static void close() {
        learner.close();
    }

    private static TrainingTemplate template(double threshold, String... labels) {
        return TrainingTemplate.of(new MultiLabel(threshold))
                .labels(List.of(labels))
                .initRank(4)
                .build();
    }

    private static TrainingTemplate template(double threshold) {
        return template(threshold, LABELS.toArray(String[]::new));
    }

    private static Target list(List<String> labels) {
        return new Target.Several(labels.stream().<Target>map(Target.Label::new).toList());
    }

    /** Texts in which a word stands for each label that they have, beside words for none. */
    private static List<TrainingExample> examples(long seed, int count) {
        Random random = new Random(seed);
        List<TrainingExample> examples = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int[] tokens = new int[8];
            for (int j = 0; j < tokens.length; j++) {
                tokens[j] = 10 + random.nextInt(4);
            }
            List<String> labels = new ArrayList<>();
            for (int label = 0; label < LABELS.size(); label++) {
                if (random.nextDouble() < .4) {
                    labels.add(LABELS.get(label));
                    tokens[2 * label + 1] = 5 + label;
                    tokens[2 * label + 2] = 5 + label;
                }
            }
            examples.add(new TrainingExample(tokens, list(labels), false));
        }
        return examples;
    }

    private static AdapterState trained(TrainingTemplate template, int steps) {
        try (ResidentAdapter adapter =
                learner.admit(learner.create("tickets", template), template)) {
            for (int step = 0; step < steps; step++) {
                assertThat(adapter.train(examples(step, 8)).report()).isPresent();
            }
            return adapter.capture();
        }
    }

    @Test
    void learnsWhichLabelsATextHas() {
        AdapterState state = trained(template(.5), 150);

        assertThat(state.meta().score().recent("microF1", 200).orElseThrow()).isGreaterThan(.9);
        assertThat(state.meta().score().recent("accuracy", 200).orElseThrow()).isGreaterThan(.7);
        assertThat(state.head().task().gain(state.meta().score().metrics()).orElseThrow())
                .isPositive();
    }

    @Test
    void outlivesASnapshotWithItsThreshold() throws IOException {
        AdapterState state = trained(template(.3), 3);

        AdapterState read = AdapterSnapshot.parse(AdapterSnapshot.of(state), "test");

        assertThat(read).isEqualTo(state);
        assertThat(read.head().task()).isEqualTo(new MultiLabel(.3));
    }

    @Test
    void takesAnotherThresholdOverAndIsOtherwiseTheSame() {
        AdapterState before = trained(template(.3), 3);

        AdapterState after = template(.8).relabeled(before);

        assertThat(after.head().task()).isEqualTo(new MultiLabel(.8));
        assertThat(after.by(new MultiLabel(.3))).isEqualTo(before);
        assertThat(FixedSettings.of(before).differences(FixedSettings.of(after))).isEmpty();
        assertThat(template(.3).relabeled(before)).isSameAs(before);
    }

    @Test
    void itsFilesSayTheTaskAndTheThreshold(@TempDir Path folder) throws IOException {
        AdapterState state = trained(template(.3), 2);
        Path labels = folder.resolve(PeftExport.LABELS_FILE);
        Files.write(labels, PeftExport.labels(state.head(), OptionalInt.empty()));

        assertThat(HeadLabels.of(folder).orElseThrow().head()).isEqualTo(state.head().kind());
        assertThat(labels).content().contains("\"problem_type\"", "multi_label_classification");
        assertThat(new String(ModelCard.of(state, "peft", OptionalInt.of(64)), UTF_8))
                .contains(
                        "problem_type=\"multi_label_classification\"",
                        "- f1",
                        "| micro F1 | macro F1 | exact | Hamming loss |",
                        ".sigmoid():",
                        "if p >= 0.3})");
        Files.writeString(labels, Files.readString(labels).replace("0.3", "7"));
        assertThatThrownBy(() -> HeadLabels.of(folder))
                .isInstanceOf(PeftException.class)
                .hasMessageContaining("the threshold is 7.0, expected a number between 0 and 1");
    }

    @Test
    void learnsNoOtherTask() {
        AdapterState state = trained(template(.5), 1);
        TrainingTemplate other =
                TrainingTemplate.classification(LABELS.toArray(String[]::new)).build();

        assertThatThrownBy(() -> other.relabeled(state))
                .isInstanceOf(AdapterMismatchException.class)
                .hasMessageContaining("multi-label-classification, expected classification");
        assertThat(FixedSettings.of(state).head())
                .isNotEqualTo(
                        new HeadKind(
                                new Classification(), state.head().form(), state.head().pooling()));
    }

    @Test
    void goesOnWithoutARetiredLabelAndWithANewOne() {
        TrainingTemplate next = template(.5, "refund", "broken", "lost");
        AdapterState state = next.relabeled(trained(template(.5), 40));
        List<TrainingExample> withoutLate =
                examples(7, 60).stream()
                        .filter(example -> !example.target().labels().contains("late"))
                        .toList();

        try (ResidentAdapter adapter = learner.admit(state, next)) {
            StepOutcome outcome = adapter.train(withoutLate);

            assertThat(outcome.report().orElseThrow().taskLoss()).isFinite();
            assertThat(outcome.report().orElseThrow().gradientNorm()).isFinite();
            assertThat(outcome.predictions())
                    .flatExtracting(said -> said.said().labels())
                    .doesNotContain("late", "lost")
                    .contains("refund", "broken");
            assertThat(adapter.refusal(list(List.of("late")), withoutLate.get(0).tokens()))
                    .hasValueSatisfying(
                            refused -> assertThat(refused.message()).contains("is retired"));
            AdapterState after = adapter.capture();
            int row = after.head().labels().indexOf("late");
            assertThat(after.head().bias()[row]).isEqualTo(state.head().bias()[row]);
        }
    }

    @Test
    void saysAndMeasuresTheSameWhetherItLearnsOrNot() {
        TrainingTemplate template = template(.5);
        List<TrainingExample> batch = examples(3, 8);
        try (ResidentAdapter adapter = learner.admit(trained(template, 5), template)) {
            float[][] outputs =
                    adapter.logitsOf(batch.stream().map(TrainingExample::tokens).toList());
            double mean =
                    IntStream.range(0, batch.size())
                            .mapToDouble(
                                    i ->
                                            new MultiLabel()
                                                    .loss(
                                                            outputs[i],
                                                            batch.get(i).tokens(),
                                                            LABELS,
                                                            batch.get(i).target()))
                            .average()
                            .orElseThrow();

            StepOutcome outcome = adapter.train(batch);

            assertThat((double) outcome.report().orElseThrow().taskLoss())
                    .isCloseTo(mean, within(1e-5));
            for (int i = 0; i < batch.size(); i++) {
                assertThat(outcome.predictions().get(i).said())
                        .isEqualTo(
                                new MultiLabel().said(outputs[i], batch.get(i).tokens(), LABELS));
            }
        }
    }
}
