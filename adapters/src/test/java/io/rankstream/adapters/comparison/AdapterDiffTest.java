package io.rankstream.adapters.comparison;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.rankstream.adapters.adalora.TripletLayout;
import io.rankstream.adapters.method.InitialState;
import io.rankstream.adapters.method.Method;
import io.rankstream.adapters.model.ModuleShape;
import io.rankstream.adapters.peft.HeadLabels;
import io.rankstream.adapters.peft.PeftAdapter;
import io.rankstream.adapters.peft.PeftExport;
import io.rankstream.adapters.state.AdapterState;
import io.rankstream.adapters.state.BaseModel;
import io.rankstream.adapters.state.BudgetState;
import io.rankstream.adapters.state.HeadState;
import io.rankstream.adapters.state.ImportanceState;
import io.rankstream.adapters.state.TripletState;
import io.rankstream.adapters.task.HeadKind;
import io.rankstream.adapters.task.Pooling;
import io.rankstream.adapters.weights.safetensors.FloatType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AdapterDiffTest {

    private static final String QUERY = "encoder.layer.0.attention.self.query";
    private static final String KEY = "encoder.layer.0.attention.self.key";
    private static final TripletLayout LAYOUT =
            new TripletLayout(List.of(new ModuleShape(QUERY, 3, 4), new ModuleShape(KEY, 3, 4)), 2);

    @TempDir Path temp;

    @Test
    void isEmptyForTheSameAdapter() {
        AdapterDiff diff = diff(state(), state());

        assertThat(diff.isEmpty()).isTrue();
        assertThat(diff.settings()).isEmpty();
        assertThat(diff.update()).hasValue(0);
        assertThat(diff.head()).hasValue(0);
        assertThat(diff.trainingState()).contains(true);
    }

    @Test
    void isTheNormOfTheDifferenceOverTheLargerNorm() {
        AdapterState before = state();
        float[] doubled = before.triplets().values().clone();
        for (int i = 0; i < LAYOUT.rank(); i++) {
            doubled[LAYOUT.offsetE(0) + i] *= 2;
        }

        AdapterDiff diff = diff(before, with(before, doubled));

        assertThat(diff.isEmpty()).isFalse();
        assertThat(diff.modules().get(0).name()).isEqualTo(QUERY);
        assertThat(diff.modules().get(0).difference().getAsDouble()).isCloseTo(.5, within(1e-12));
        assertThat(diff.modules().get(1).difference()).hasValue(0);
        assertThat(diff.update().getAsDouble()).isBetween(.01, .5);
        assertThat(diff.trainingState()).contains(false);
    }

    @Test
    void countsAModuleThatOnlyOneOfThemAdaptsAsAWholeDifference() {
        AdapterState both = state();
        AdapterState one =
                initial(new TripletLayout(LAYOUT.modules().subList(0, 1), 2)).of(Method.ADALORA, 1);

        AdapterDiff.Module module = diff(both, one).modules().get(1);

        assertThat(module).isEqualTo(new AdapterDiff.Module(KEY, 2, 0, module.difference()));
        assertThat(module.difference()).hasValue(1);
    }

    @Test
    void cannotCompareModulesOfOtherShapes() {
        AdapterState wide =
                initial(new TripletLayout(List.of(new ModuleShape(QUERY, 5, 4)), 2))
                        .of(Method.ADALORA, 1);

        AdapterDiff diff = diff(state(), wide);

        assertThat(diff.modules().get(0).difference()).isEmpty();
        assertThat(diff.update()).isEmpty();
        assertThat(diff.isEmpty()).isFalse();
    }

    @Test
    void namesSettingsThatDiffer() {
        AdapterState state = state();
        AdapterState other =
                new AdapterState(
                        state.meta().afterVersion(),
                        state.triplets(),
                        state.moments(),
                        state.importance(),
                        state.budget(),
                        new HeadState(
                                List.of("ham", "junk"),
                                Pooling.CLS,
                                3,
                                state.head().weight(),
                                state.head().bias()));

        assertThat(diff(state, other).settings())
                .containsExactly(
                        new AdapterDiff.Setting("labels", "ham, spam", "ham, junk"),
                        new AdapterDiff.Setting("pooling", "MEAN", "CLS"),
                        new AdapterDiff.Setting("version", "0", "1"));
    }

    @Test
    void comparesHeadsByLabelWhateverTheOrderOfTheirRows() {
        AdapterState state = state();
        float[] weight = state.head().weight();
        int hidden = state.head().hidden();
        float[] swapped = new float[weight.length];
        System.arraycopy(weight, 0, swapped, hidden, hidden);
        System.arraycopy(weight, hidden, swapped, 0, hidden);
        AdapterState other =
                new AdapterState(
                        state.meta(),
                        state.triplets(),
                        state.moments(),
                        state.importance(),
                        state.budget(),
                        new HeadState(
                                List.of("spam", "ham"),
                                state.head().pooling(),
                                hidden,
                                swapped,
                                state.head().bias()));

        assertThat(diff(state, other).isEmpty()).isTrue();
    }

    @Test
    void takesALabelThatOneOfThemLacksForARowOfZeros() {
        AdapterState state = state();
        AdapterState other = state.withLabels(state.head().labels().with(List.of("eggs"), 0));

        AdapterDiff diff = diff(state, other);

        assertThat(diff.head()).hasValue(0);
        assertThat(diff.settings())
                .containsExactly(new AdapterDiff.Setting("labels", "ham, spam", "eggs, ham, spam"));
    }

    @Test
    void seesWhatNoPredictionShows() {
        AdapterState state = state();
        float[] sensitivity = state.importance().sensitivity().clone();
        sensitivity[0] = 1;
        AdapterState other =
                new AdapterState(
                        state.meta(),
                        state.triplets(),
                        state.moments(),
                        new ImportanceState(sensitivity, state.importance().uncertainty()),
                        state.budget(),
                        state.head());

        AdapterDiff diff = diff(state, other);

        assertThat(diff.update()).hasValue(0);
        assertThat(diff.isEmpty()).isFalse();
    }

    @Test
    void isEmptyForAnAdapterAndItsExport() throws IOException {
        AdapterState state = masked();
        ComparedAdapter exported = export(state, PeftExport.Format.ADALORA);

        AdapterDiff diff = AdapterDiff.between(ComparedAdapter.of(state), exported);

        assertThat(diff.isEmpty()).isTrue();
        assertThat(diff.trainingState()).isEmpty();
        assertThat(AdapterDiff.between(exported, exported).isEmpty()).isTrue();
    }

    @Test
    void isTheRoundingOfThePlainLoraExport() throws IOException {
        AdapterState state = masked();

        AdapterDiff diff =
                AdapterDiff.between(
                        ComparedAdapter.of(state), export(state, PeftExport.Format.LORA));

        assertThat(diff.update().getAsDouble()).isBetween(0., 1e-7);
        assertThat(diff.settings())
                .extracting(AdapterDiff.Setting::name)
                .containsExactly("initial rank");
    }

    private ComparedAdapter export(AdapterState state, PeftExport.Format format)
            throws IOException {
        for (Map.Entry<String, byte[]> file :
                PeftExport.of(state, format, FloatType.F32).entrySet()) {
            Files.write(temp.resolve(file.getKey()), file.getValue());
        }
        Files.write(
                temp.resolve(PeftExport.LABELS_FILE),
                PeftExport.labels(state.head(), OptionalInt.empty()));
        return ComparedAdapter.of(PeftAdapter.read(temp), HeadLabels.of(temp));
    }

    private static AdapterDiff diff(AdapterState first, AdapterState second) {
        return AdapterDiff.between(ComparedAdapter.of(first), ComparedAdapter.of(second));
    }

    private static InitialState initial(TripletLayout layout) {
        return new InitialState(
                "spam",
                new BaseModel("tiny", "00ff", "bert"),
                layout,
                8,
                List.of("ham", "spam"),
                HeadKind.first(Pooling.MEAN),
                3);
    }

    private static AdapterState state() {
        SplittableRandom random = new SplittableRandom(2);
        float[] values = new float[LAYOUT.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return with(initial(LAYOUT).of(Method.ADALORA, 1), values);
    }

    private static AdapterState masked() {
        AdapterState state = state();
        return new AdapterState(
                state.meta(),
                state.triplets(),
                state.moments(),
                state.importance(),
                new BudgetState(1, new boolean[] {false, true, false, false}),
                state.head());
    }

    private static AdapterState with(AdapterState state, float[] values) {
        return new AdapterState(
                state.meta(),
                new TripletState(LAYOUT, 8, values),
                state.moments(),
                state.importance(),
                state.budget(),
                state.head());
    }
}
