package io.rankstream.adapters.parity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.rankstream.adapters.adalora.TripletLayout;
import io.rankstream.adapters.model.Family;
import io.rankstream.adapters.model.ModuleShape;
import io.rankstream.adapters.model.OwnHead;
import io.rankstream.adapters.state.HeadState;
import io.rankstream.adapters.state.ImportanceState;
import io.rankstream.adapters.task.HeadForm;
import io.rankstream.adapters.training.StepReport;
import java.io.IOException;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.DoubleUnaryOperator;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Our trainer beside PEFT's AdaLoRA, step by step. The goldens are what PEFT did with the same
 * weights, start, batches and settings; benchmarks/peft writes them.
 */
class ParityTest {

    /** Tolerance of losses, of the regulariser and of gradient norms. */
    private static final double LOSS = 1e-5;

    /** Tolerance of an element of Ī or Ū, as a share of the element. */
    private static final double IMPORTANCE = 1e-4;

    /** Smaller elements than this share of their tensor's largest count as that large. */
    private static final double SMALL = 1e-2;

    /** Tolerance of a parameter. */
    private static final double WEIGHT = 1e-4;

    @Retention(RetentionPolicy.RUNTIME)
    @ParameterizedTest(name = "{0}")
    @ValueSource(
            strings = {
                "no-regulariser",
                "regulariser",
                "mask-every-step",
                "final-mask-between-intervals",
                "clipping",
                "accumulation",
                "nothing-to-prune",
                "rank-zero",
                "query-and-value",
                "pooler",
                "one-layer",
                "weight-decay-and-learning-rate",
                "all-minilm-l6-v2",
                "roberta",
                "roberta-own-head",
                "xlm-roberta",
                "xlm-roberta-own-head",
                "distilbert",
                "distilbert-own-head",
                "mpnet",
                "mpnet-own-head",
                "deberta-v3",
                "deberta-v3-own-head",
                "deberta-v2",
                "modernbert",
                "modernbert-own-head",
                "modernbert-mean-own-head",
                "regression",
                "multi-label"
            })
    private @interface EveryCase {}

    /** A case is trained once, for all the tests of it. */
    private static final Map<String, Replay> REPLAYS = new HashMap<>();

    private static Replay replay(String name) throws IOException {
        if (!REPLAYS.containsKey(name)) {
            REPLAYS.put(name, Replay.of(Golden.read(name)));
        }
        return REPLAYS.get(name);
    }

    @EveryCase
    void descendsTheSameLosses(String name) throws IOException {
        assertSteps(replay(name), StepReport::taskLoss, Golden.Step::loss, LOSS);
    }

    @EveryCase
    void reportsTheSameRegulariser(String name) throws IOException {
        assertSteps(
                replay(name), StepReport::orthogonalityLoss, Golden.Step::orthogonalityLoss, LOSS);
    }

    @EveryCase
    void hasTheSameGradientNorms(String name) throws IOException {
        Replay replay = replay(name);
        double largest =
                replay.golden().steps().stream()
                        .mapToDouble(Golden.Step::gradientNorm)
                        .max()
                        .orElseThrow();
        assertSteps(
                replay,
                StepReport::gradientNorm,
                Golden.Step::gradientNorm,
                LOSS * Math.max(1, largest));
    }

    @EveryCase
    void followsTheSameLearningRate(String name) throws IOException {
        assertSteps(replay(name), StepReport::learningRate, Golden.Step::learningRate, 1e-9);
    }

    @EveryCase
    void allowsTheSameBudgets(String name) throws IOException {
        List<Integer> found = replay(name).reports().stream().map(StepReport::budget).toList();

        assertThat(found)
                .isEqualTo(
                        replay(name).golden().steps().stream().map(Golden.Step::budget).toList());
    }

    @EveryCase
    void masksTheSameTriplets(String name) throws IOException {
        Replay replay = replay(name);
        for (int step = 0; step < replay.live().size(); step++) {
            assertThat(replay.live().get(step))
                    .as("%s, step %d", replay.golden().name(), step)
                    .isEqualTo(replay.golden().steps().get(step).live());
        }
    }

    @EveryCase
    void hasTheSameImportanceInTheMiddleOfTheRamp(String name) throws IOException {
        assertImportance(replay(name), "middle", replay(name).middle().importance());
    }

    @EveryCase
    void hasTheSameImportanceFromTheEndOfTheRampOn(String name) throws IOException {
        assertImportance(replay(name), "last", replay(name).end().importance());
    }

    @EveryCase
    void endsWithTheSameParameters(String name) throws IOException {
        Replay replay = replay(name);
        Map<String, float[]> expected = replay.golden().tensors();

        assertTriplets(replay, "final", replay.end().triplets().values(), size -> WEIGHT);
        HeadState head = replay.end().head();
        Optional<OwnHead> own =
                head.form() == HeadForm.OWN
                        ? Family.of(replay.end().meta().baseModel().family()).ownHead()
                        : Optional.empty();
        String last = "final." + own.map(OwnHead::out).orElse(Family.CLASSIFIER);
        assertThat(head.weight())
                .containsExactly(expected.get(last + ".weight"), within((float) WEIGHT));
        assertThat(head.bias())
                .containsExactly(expected.get(last + ".bias"), within((float) WEIGHT));
        if (own.isPresent()) {
            float[] weight = expected.get("final." + own.get().denseWeight());
            float[] ofFeatures = expected.get("final." + own.get().ofFeatures());
            float[] dense = Arrays.copyOf(weight, weight.length + ofFeatures.length);
            System.arraycopy(ofFeatures, 0, dense, weight.length, ofFeatures.length);
            assertThat(head.dense()).containsExactly(dense, within((float) WEIGHT));
        }
    }

    private static void assertSteps(
            Replay replay,
            ToDoubleFunction<StepReport> found,
            ToDoubleFunction<Golden.Step> expected,
            double tolerance) {
        List<Golden.Step> steps = replay.golden().steps();
        for (int step = 0; step < steps.size(); step++) {
            assertThat(found.applyAsDouble(replay.reports().get(step)))
                    .as("%s, step %d", replay.golden().name(), step)
                    .isCloseTo(expected.applyAsDouble(steps.get(step)), within(tolerance));
        }
    }

    private static void assertImportance(Replay replay, String moment, ImportanceState found) {
        DoubleUnaryOperator tolerance = size -> IMPORTANCE * size;
        assertTriplets(replay, moment + ".sensitivity", found.sensitivity(), tolerance);
        assertTriplets(replay, moment + ".uncertainty", found.uncertainty(), tolerance);
    }

    /** Compares every sampled value of A, E and B of every module. */
    private static void assertTriplets(
            Replay replay, String prefix, float[] found, DoubleUnaryOperator tolerance) {
        Map<String, float[]> expected = replay.golden().tensors();
        TripletLayout layout = replay.end().triplets().layout();
        int rank = layout.rank();
        for (int k = 0; k < layout.modules().size(); k++) {
            ModuleShape shape = layout.modules().get(k);
            Sample sample =
                    new Sample(
                            replay.golden().name(),
                            prefix + "." + shape.name(),
                            expected,
                            found,
                            tolerance);
            sample.assertPart("lora_A", layout.offsetA(k), rank * shape.in());
            sample.assertPart("lora_E", layout.offsetE(k), rank);
            sample.assertPart("lora_B", layout.offsetB(k), shape.out() * rank);
        }
    }

    /**
     * Values of one module, all or each n-th of a tensor, and where they are found.
     *
     * @param name the case
     * @param module the module, and before it what is compared
     * @param tensors expected values
     * @param found values in the order of the layout
     * @param tolerance by the size of the expected value
     */
    private record Sample(
            String name,
            String module,
            Map<String, float[]> tensors,
            float[] found,
            DoubleUnaryOperator tolerance) {

        void assertPart(String part, int offset, int size) {
            float[] expected = tensors.get(module + "." + part);
            int stride = (size + expected.length - 1) / expected.length;
            double floor = SMALL * largest(expected);
            for (int i = 0; i < expected.length; i++) {
                double scale = Math.max(Math.abs(expected[i]), floor);
                assertThat((double) found[offset + i * stride])
                        .as("%s, %s.%s at %d", name, module, part, i * stride)
                        .isCloseTo(expected[i], within(tolerance.applyAsDouble(scale)));
            }
        }

        private static double largest(float[] values) {
            double largest = 0;
            for (float value : values) {
                largest = Math.max(largest, Math.abs(value));
            }
            return largest;
        }
    }
}
