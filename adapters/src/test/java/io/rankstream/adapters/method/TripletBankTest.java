package io.rankstream.adapters.method;

import static io.rankstream.adapters.engine.Operations.add;
import static io.rankstream.adapters.engine.Operations.mul;
import static io.rankstream.adapters.engine.Operations.slice;
import static io.rankstream.adapters.engine.Operations.sum;
import static io.rankstream.adapters.engine.Tensors.floats;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import io.rankstream.adapters.adalora.TripletLayout;
import io.rankstream.adapters.engine.Autograd;
import io.rankstream.adapters.engine.Products;
import io.rankstream.adapters.engine.TestDevice;
import io.rankstream.adapters.model.LinearUpdate;
import io.rankstream.adapters.model.ModuleShape;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Layers of one network may compute other rows than the batch's tokens. */
class TripletBankTest {

    private static final int RANK = 2;

    private static final List<ModuleShape> MODULES =
            List.of(
                    new ModuleShape("decoder.q_proj", 5, 7),
                    new ModuleShape("decoder.k_proj", 3, 7),
                    new ModuleShape("decoder.fc1", 5, 4));

    private static final TripletLayout LAYOUT = new TripletLayout(MODULES, RANK);

    private final Random random = new Random(3);

    private record Found(List<float[]> outputs, float[] gradient) {}

    /** Tokens of each adapter, and the rows that its second module is given. */
    static Stream<Arguments> rowsOfAdapters() {
        return Stream.of(
                Arguments.of(List.of(4, 9), List.of(11, 2)),
                Arguments.of(List.of(4, 4), List.of(6, 6)),
                Arguments.of(List.of(1, 8, 3), List.of(1, 1, 20)));
    }

    @ParameterizedTest
    @MethodSource("rowsOfAdapters")
    void givesEachAdapterWhatItWouldHaveAlone(List<Integer> tokens, List<Integer> others) {
        int adapters = tokens.size();
        List<float[]> triplets = new ArrayList<>();
        List<float[]> inputs = new ArrayList<>();
        List<float[]> otherInputs = new ArrayList<>();
        for (int i = 0; i < adapters; i++) {
            triplets.add(draw(LAYOUT.size()));
            inputs.add(draw(tokens.get(i) * 5));
            otherInputs.add(draw(others.get(i) * 3));
        }
        List<Found> together = run(triplets, tokens, others, inputs, otherInputs);

        for (int i = 0; i < adapters; i++) {
            Found alone =
                    run(
                                    List.of(triplets.get(i)),
                                    List.of(tokens.get(i)),
                                    List.of(others.get(i)),
                                    List.of(inputs.get(i)),
                                    List.of(otherInputs.get(i)))
                            .get(0);
            for (int module = 0; module < MODULES.size(); module++) {
                assertThat(together.get(i).outputs().get(module))
                        .containsExactly(alone.outputs().get(module), within(1e-5f));
            }
            float largest = 0;
            for (float each : alone.gradient()) {
                largest = Math.max(largest, Math.abs(each));
            }
            assertThat(together.get(i).gradient())
                    .containsExactly(alone.gradient(), within(1e-6f * largest));
        }
    }

    @Test
    void wantsRowsOfEveryAdapter() {
        try (PtNDManager scope = TestDevice.newManager()) {
            TripletBank bank = bank(scope, List.of(draw(LAYOUT.size())), List.of(2));

            assertThatThrownBy(() -> bank.input(floats(scope, draw(6), 2, 3), List.of(1, 1)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("there are rows of 2 adapters, expected 1");
        }
    }

    private List<Found> run(
            List<float[]> triplets,
            List<Integer> tokens,
            List<Integer> others,
            List<float[]> inputs,
            List<float[]> otherInputs) {
        try (PtNDManager scope = TestDevice.newManager()) {
            TripletBank bank = bank(scope, triplets, tokens);
            List<PtNDArray> outputs = new ArrayList<>();
            Autograd.record(true);
            try {
                PtNDArray x = operand(scope, inputs, 5, Products.roundedUp(total(tokens)));
                LinearUpdate.Input input = bank.input(x);
                LinearUpdate.Input other =
                        bank.input(operand(scope, otherInputs, 3, total(others)), others);
                outputs.add(bank.apply(0, input, base(scope, x, 7)));
                outputs.add(bank.apply(1, other, base(scope, total(others), 7)));
                outputs.add(bank.apply(2, input, base(scope, x, 4)));
                PtNDArray loss = floats(scope, new float[1]);
                for (int module = 0; module < outputs.size(); module++) {
                    int own = total(module == 1 ? others : tokens);
                    PtNDArray kept = slice(outputs.get(module), 0, 0, own);
                    loss = add(loss, sum(mul(kept, kept)));
                }
                Autograd.backward(sum(loss), scope);
            } finally {
                Autograd.record(false);
            }
            List<PtNDArray> gradients = bank.gradients();
            List<Found> found = new ArrayList<>();
            for (int i = 0; i < triplets.size(); i++) {
                List<float[]> own = new ArrayList<>();
                for (int module = 0; module < outputs.size(); module++) {
                    List<Integer> rows = module == 1 ? others : tokens;
                    int first = total(rows.subList(0, i));
                    own.add(
                            slice(outputs.get(module), 0, first, first + rows.get(i))
                                    .toFloatArray());
                }
                found.add(new Found(own, gradients.get(i).toFloatArray()));
            }
            return found;
        }
    }

    private static TripletBank bank(
            PtNDManager scope, List<float[]> triplets, List<Integer> tokens) {
        List<TripletBank.Part> parts = new ArrayList<>();
        for (int i = 0; i < triplets.size(); i++) {
            parts.add(
                    new TripletBank.Part(
                            floats(scope, triplets.get(i), LAYOUT.size()), 1.5, tokens.get(i)));
        }
        return new TripletBank(scope, LAYOUT, MODULES, parts, 0, Products.OF_MATRICES);
    }

    /** The adapters' rows one below the other, and zeros up to {@code rows}. */
    private static PtNDArray operand(
            PtNDManager scope, List<float[]> inputs, int features, int rows) {
        float[] all = new float[rows * features];
        int at = 0;
        for (float[] input : inputs) {
            System.arraycopy(input, 0, all, at, input.length);
            at += input.length;
        }
        return floats(scope, all, rows, features);
    }

    private static PtNDArray base(PtNDManager scope, PtNDArray x, int out) {
        return base(scope, (int) x.getShape().get(0), out);
    }

    private static PtNDArray base(PtNDManager scope, int rows, int out) {
        return floats(scope, new float[rows * out], rows, out);
    }

    private static int total(List<Integer> rows) {
        return rows.stream().mapToInt(Integer::intValue).sum();
    }

    private float[] draw(int count) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }
}
