package io.rankstream.adapters.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.rankstream.adapters.adalora.ConstantBudgetSchedule;
import io.rankstream.adapters.adalora.TripletLayout;
import io.rankstream.adapters.method.Method;
import io.rankstream.adapters.model.ModuleShape;
import io.rankstream.adapters.model.bert.BertFamily;
import io.rankstream.adapters.settings.TrainingTemplate;
import io.rankstream.adapters.state.AdapterState;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MethodTest {

    private static final TrainingTemplate UNPRUNED =
            TinyLearner.template(new ConstantBudgetSchedule(), 0, 0);

    private static Learner learner;

    @BeforeAll
    static void open(@TempDir Path directory) throws IOException {
        learner = TinyLearner.open(directory);
    }

    @AfterAll
    static void close() {
        learner.close();
    }

    @Test
    void plainLoraLearnsBothFactorsAndLeavesTheSingularValuesAtOne() {
        TrainingTemplate template =
                TinyLearner.with(UNPRUNED, Method.LORA, new BertFamily().modules(), 0);
        AdapterState before = learner.create("tickets", template);
        AdapterState after = afterSteps(before, template, 3);

        TripletLayout layout = before.triplets().layout();
        for (int k = 0; k < layout.modules().size(); k++) {
            assertThat(before.triplets().values()[layout.offsetB(k)]).isZero();
            assertThat(after.triplets().values()[layout.offsetB(k)]).isNotZero();
            assertThat(after.triplets().values()[layout.offsetA(k)])
                    .isNotEqualTo(before.triplets().values()[layout.offsetA(k)]);
            for (int i = 0; i < layout.rank(); i++) {
                assertThat(after.triplets().values()[layout.offsetE(k) + i]).isOne();
            }
        }
    }

    @Test
    void plainLoraDoesNotCountTheFixedSingularValuesInTheGradient() {
        TrainingTemplate template =
                TinyLearner.with(UNPRUNED, Method.LORA, new BertFamily().modules(), 0);
        AdapterState after = afterSteps(learner.create("tickets", template), template, 2);

        TripletLayout layout = after.triplets().layout();
        for (int k = 0; k < layout.modules().size(); k++) {
            assertThat(after.moments().tripletFirst()[layout.offsetE(k)]).isZero();
        }
    }

    @Test
    void theHeadAloneHasNoTriplets() {
        TrainingTemplate template = TinyLearner.with(UNPRUNED, Method.HEAD, List.of(), 0);
        AdapterState before = learner.create("tickets", template);
        AdapterState after = afterSteps(before, template, 3);

        assertThat(after.triplets().values()).isEmpty();
        assertThat(after.head()).isNotEqualTo(before.head());
    }

    @Test
    void targetsNameModulesByTheEndsOfTheirNames() {
        TrainingTemplate template =
                TinyLearner.with(
                        TinyLearner.plain(), Method.ADALORA, List.of("value", "output.dense"), 0);
        AdapterState after = afterSteps(learner.create("tickets", template), template, 2);

        assertThat(after.triplets().layout().modules())
                .extracting(ModuleShape::name)
                .containsExactly(
                        "encoder.layer.0.attention.self.value",
                        "encoder.layer.0.attention.output.dense",
                        "encoder.layer.0.output.dense",
                        "encoder.layer.1.attention.self.value",
                        "encoder.layer.1.attention.output.dense",
                        "encoder.layer.1.output.dense");
        for (int k = 0; k < 6; k++) {
            int e = after.triplets().layout().offsetE(k);
            assertThat(after.triplets().values()[e]).isNotZero();
        }
    }

    @Test
    void aConstantBudgetPrunesNothingAndKeepsNoImportance() {
        AdapterState after = afterSteps(learner.create("tickets", UNPRUNED), UNPRUNED, 5);

        assertThat(after.budget().liveTriplets())
                .isEqualTo(after.budget().budget())
                .isEqualTo(after.triplets().layout().triplets());
        assertThat(after.importance().sensitivity()).containsOnly(0f);
    }

    @Test
    void aMicroBatchInSeveralPassesTakesTheStepOfOne() {
        TrainingTemplate whole = TinyLearner.plain();
        TrainingTemplate parts = TinyLearner.with(whole, whole.method(), whole.targetModules(), 3);
        List<TrainingExample> batch = TinyLearner.examples(1, 8);
        AdapterState state = learner.create("tickets", whole);
        try (ResidentAdapter atOnce = learner.admit(state, whole);
                ResidentAdapter inPasses = learner.admit(state, parts)) {
            StepOutcome expected = atOnce.train(batch);
            StepOutcome found = inPasses.train(batch);

            assertThat(found.trained()).isEqualTo(expected.trained());
            assertThat(found.report().orElseThrow().tokens())
                    .isEqualTo(expected.report().orElseThrow().tokens());
            assertThat(found.report().orElseThrow().taskLoss())
                    .isCloseTo(expected.report().orElseThrow().taskLoss(), within(1e-6f));
            float[] moments = atOnce.capture().moments().tripletFirst();
            float[] accumulated = inPasses.capture().moments().tripletFirst();
            for (int i = 0; i < moments.length; i++) {
                assertThat(accumulated[i]).isCloseTo(moments[i], within(1e-7f));
            }
        }
    }

    @Test
    void adaptersOfDifferentNamesStartDifferently() {
        // String.hashCode gives both the same.
        AdapterState one = learner.create("Aa", UNPRUNED);
        AdapterState other = learner.create("BB", UNPRUNED);

        assertThat(one.triplets()).isNotEqualTo(other.triplets());
    }

    private static AdapterState afterSteps(
            AdapterState state, TrainingTemplate template, int steps) {
        try (ResidentAdapter adapter = learner.admit(state, template)) {
            for (int i = 0; i < steps; i++) {
                adapter.train(TinyLearner.examples(i, 6));
            }
            return adapter.capture();
        }
    }
}
