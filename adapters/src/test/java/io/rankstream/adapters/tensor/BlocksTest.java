package io.rankstream.adapters.tensor;

import static ai.djl.pytorch.jni.JniUtils.addi;
import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BlocksTest {

    @ParameterizedTest
    @ValueSource(ints = {1, 262_144, 600_001})
    void everyElementMeetsThoseOfItsPlaceOnce(int size) {
        try (PtNDManager manager = manager()) {
            PtNDArray sum = filled(manager, size, i -> 0);
            PtNDArray ones = filled(manager, size, i -> 1);
            PtNDArray places = filled(manager, size, i -> i);
            PtNDArray doubles = filled(manager, size, i -> 2.0 * i);

            Blocks.forEach(
                    sum,
                    ones,
                    places,
                    doubles,
                    (s, one, place, twice) -> {
                        addi(s, one);
                        addi(s, place);
                        addi(s, twice);
                    });

            assertThat(sum.toFloatArray()).isEqualTo(values(size, i -> 1 + 3.0 * i));
        }
    }

    @Test
    void leavesNoTensorBehind() {
        try (PtNDManager manager = manager()) {
            PtNDArray flat = filled(manager, 600_001, i -> i);
            int before = manager.getManagedArrays().size();

            Blocks.forEach(flat, flat, flat, flat, (a, b, c, d) -> {});

            assertThat(manager.getManagedArrays()).hasSize(before);
        }
    }

    private static PtNDManager manager() {
        return TestDevice.newManager();
    }

    private static PtNDArray filled(PtNDManager manager, int size, IntToDoubleFunction value) {
        return Tensors.floats(manager, values(size, value), size);
    }

    private static float[] values(int size, IntToDoubleFunction value) {
        float[] values = new float[size];
        for (int i = 0; i < size; i++) {
            values[i] = (float) value.applyAsDouble(i);
        }
        return values;
    }
}
