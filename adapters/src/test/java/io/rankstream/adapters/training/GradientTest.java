package io.rankstream.adapters.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.rankstream.adapters.adalora.TripletLayout;
import io.rankstream.adapters.method.OrthogonalityPenalty;
import io.rankstream.adapters.model.ModuleShape;
import io.rankstream.adapters.settings.TrainingTemplate;
import io.rankstream.adapters.state.AdapterState;
import io.rankstream.adapters.state.HeadState;
import io.rankstream.adapters.state.TripletState;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntPredicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Gradients of the whole model against central differences. A first step leaves (1 − β1)·g in the
 * first moment, so the gradient can be read without a door into the trainer.
 */
class GradientTest {

    private static final double BETA1 = .9;

    private static Learner learner;
    private static AdapterState state;

    @BeforeAll
    static void trainAWhile(@TempDir Path directory) throws IOException {
        learner = TinyLearner.open(directory);
        TrainingTemplate template = TinyLearner.unmixed(TinyLearner.plain());
        try (ResidentAdapter adapter = learner.admit(learner.create("a", template), template)) {
            for (int step = 0; step < 20; step++) {
                adapter.train(TinyLearner.examples(step, 8));
            }
            state = adapter.capture();
        }
    }

    @AfterAll
    static void close() {
        learner.close();
    }

    @Nested
    class OfTheTask {

        private final List<TrainingExample> batch = TinyLearner.examples(99, 6);

        @ParameterizedTest
        @ValueSource(strings = {"A", "E", "B"})
        void isRightForTheTripletsOfEveryModule(String part) {
            float[] gradient = gradient(TinyLearner.unmixed(TinyLearner.plain()), batch);
            TripletLayout layout = state.triplets().layout();
            for (int k = 0; k < layout.modules().size(); k++) {
                ModuleShape shape = layout.modules().get(k);
                int offset;
                int size;
                switch (part) {
                    case "A" -> {
                        offset = layout.offsetA(k);
                        size = layout.rank() * shape.in();
                    }
                    case "E" -> {
                        offset = layout.offsetE(k);
                        size = layout.rank();
                    }
                    default -> {
                        offset = layout.offsetB(k);
                        size = layout.rank() * shape.out();
                    }
                }
                int end = offset + size;
                assertSlope(gradient, i -> i >= offset && i < end, part + " of " + shape.name());
            }
        }

        @Test
        void isRightForTheHead() {
            float[] gradient = gradient(TinyLearner.unmixed(TinyLearner.plain()), batch);
            int triplets = state.triplets().values().length;
            assertSlope(gradient, i -> i >= triplets, "head");
        }

        /** Slope along the gradient itself, restricted to a block. */
        private void assertSlope(float[] gradient, IntPredicate block, String what) {
            double[] direction = new double[gradient.length];
            double norm = 0;
            for (int i = 0; i < gradient.length; i++) {
                direction[i] = block.test(i) ? gradient[i] : 0;
                norm += direction[i] * direction[i];
            }
            norm = Math.sqrt(norm);
            double step = 2e-2;
            double up = loss(moved(direction, step / norm), batch);
            double down = loss(moved(direction, -step / norm), batch);
            assertThat((up - down) / (2 * step))
                    .as(what)
                    .isCloseTo(norm, within(2e-2 * norm + 2e-5));
        }
    }

    @ParameterizedTest
    @EnumSource
    void ofThePenaltyIsRight(OrthogonalityPenalty.Form form) {
        List<TrainingExample> batch = TinyLearner.examples(5, 4);
        TrainingTemplate with =
                TinyLearner.unmixed(TinyLearner.penalized(new OrthogonalityPenalty(.7, form)));
        float[] task = gradient(TinyLearner.unmixed(TinyLearner.plain()), batch);
        float[] both = gradient(with, batch);
        float[] values = state.triplets().values();
        TripletLayout layout = state.triplets().layout();
        for (int k = 0; k < layout.modules().size(); k++) {
            for (int i : new int[] {layout.offsetA(k) + 3, layout.offsetB(k) + 5}) {
                double step = 1e-3;
                double slope =
                        (penalty(layout, nudged(values, i, step), form, .7)
                                        - penalty(layout, nudged(values, i, -step), form, .7))
                                / (2 * step);
                assertThat((double) both[i] - task[i])
                        .isCloseTo(slope, within(1e-3 * Math.abs(slope) + 1e-5));
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void reportedPenaltyIsTheFormulas(OrthogonalityPenalty.Form form) {
        TrainingTemplate template =
                TinyLearner.unmixed(TinyLearner.penalized(new OrthogonalityPenalty(.7, form)));
        try (ResidentAdapter adapter = learner.admit(state, template)) {
            StepReport report = adapter.train(TinyLearner.examples(5, 4)).report().orElseThrow();
            double expected = penalty(state.triplets().layout(), doubles(state), form, .7);
            assertThat((double) report.orthogonalityLoss())
                    .isCloseTo(expected, within(1e-4 * expected));
        }
    }

    private static float[] gradient(TrainingTemplate template, List<TrainingExample> batch) {
        try (ResidentAdapter adapter = learner.admit(state, template)) {
            adapter.train(batch);
            AdapterState after = adapter.capture();
            float[] gradient = concat(after.moments().tripletFirst(), after.moments().headFirst());
            float[] before = concat(state.moments().tripletFirst(), state.moments().headFirst());
            for (int i = 0; i < gradient.length; i++) {
                gradient[i] = (float) ((gradient[i] - BETA1 * before[i]) / (1 - BETA1));
            }
            return gradient;
        }
    }

    private static AdapterState moved(double[] direction, double factor) {
        float[] triplets = state.triplets().values().clone();
        HeadState head = state.head();
        float[] weight = head.weight().clone();
        float[] bias = head.bias().clone();
        for (int i = 0; i < direction.length; i++) {
            float change = (float) (factor * direction[i]);
            int inHead = i - triplets.length;
            if (inHead < 0) {
                triplets[i] += change;
            } else if (inHead < weight.length) {
                weight[inHead] += change;
            } else {
                bias[inHead - weight.length] += change;
            }
        }
        return new AdapterState(
                state.meta(),
                new TripletState(state.triplets().layout(), state.triplets().alpha(), triplets),
                state.moments(),
                state.importance(),
                state.budget(),
                new HeadState(head.labels(), head.pooling(), head.hidden(), weight, bias));
    }

    private static double loss(AdapterState at, List<TrainingExample> batch) {
        try (ResidentAdapter adapter =
                learner.admit(at, TinyLearner.unmixed(TinyLearner.plain()))) {
            return adapter.train(batch).predictions().stream()
                    .mapToDouble(Prediction::loss)
                    .average()
                    .orElseThrow();
        }
    }

    /** The penalty by its definition, in double precision. */
    private static double penalty(
            TripletLayout layout, double[] values, OrthogonalityPenalty.Form form, double gamma) {
        double norms = 0;
        double squares = 0;
        int rank = layout.rank();
        for (int k = 0; k < layout.modules().size(); k++) {
            ModuleShape shape = layout.modules().get(k);
            double a = deviation(values, layout.offsetA(k), shape.in(), shape.in(), 1, rank);
            double b = deviation(values, layout.offsetB(k), shape.out(), 1, rank, rank);
            norms += Math.sqrt(a) + Math.sqrt(b);
            squares += a + b;
        }
        return switch (form) {
            case MEAN_NORM -> gamma * norms / (2 * layout.modules().size());
            case SUM_SQUARED -> gamma * squares;
        };
    }

    /** ‖M − I‖²_F for the Gram matrix of {@code rank} vectors. */
    private static double deviation(
            double[] values, int offset, int length, int vectorStride, int stride, int rank) {
        double sum = 0;
        for (int i = 0; i < rank; i++) {
            for (int j = 0; j < rank; j++) {
                double dot = i == j ? -1 : 0;
                for (int d = 0; d < length; d++) {
                    dot +=
                            values[offset + i * vectorStride + d * stride]
                                    * values[offset + j * vectorStride + d * stride];
                }
                sum += dot * dot;
            }
        }
        return sum;
    }

    private static double[] nudged(float[] values, int index, double change) {
        double[] nudged = new double[values.length];
        for (int i = 0; i < values.length; i++) {
            nudged[i] = values[i];
        }
        nudged[index] += change;
        return nudged;
    }

    private static double[] doubles(AdapterState of) {
        return nudged(of.triplets().values(), 0, 0);
    }

    private static float[] concat(float[] left, float[] right) {
        float[] both = Arrays.copyOf(left, left.length + right.length);
        System.arraycopy(right, 0, both, left.length, right.length);
        return both;
    }
}
