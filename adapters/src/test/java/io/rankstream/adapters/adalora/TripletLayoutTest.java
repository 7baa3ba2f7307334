package io.rankstream.adapters.adalora;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rankstream.adapters.model.ModuleShape;
import java.util.BitSet;
import java.util.List;
import org.junit.jupiter.api.Test;

class TripletLayoutTest {

    private final TripletLayout layout =
            new TripletLayout(
                    List.of(
                            new ModuleShape("query", 4, 4),
                            new ModuleShape("wide", 4, 8),
                            new ModuleShape("value", 4, 4)),
                    3);

    @Test
    void stacksModulesOfEqualShape() {
        assertThat(layout.stacks())
                .extracting(TripletLayout.Stack::members)
                .containsExactly(List.of(0, 2), List.of(1));
        assertThat(layout.offsetA(2)).isEqualTo(layout.offsetA(0) + 3 * 4);
        assertThat(layout.offsetE(2)).isEqualTo(layout.offsetE(0) + 3);
        assertThat(layout.offsetB(2)).isEqualTo(layout.offsetB(0) + 3 * 4);
    }

    @Test
    void givesEveryFloatToExactlyOneTriplet() {
        BitSet taken = new BitSet();
        for (int k = 0; k < layout.modules().size(); k++) {
            ModuleShape shape = layout.modules().get(k);
            claim(taken, layout.offsetA(k), 3 * shape.in());
            claim(taken, layout.offsetE(k), 3);
            claim(taken, layout.offsetB(k), 3 * shape.out());
        }
        assertThat(taken.cardinality()).isEqualTo(layout.size());
        assertThat(taken.length()).isEqualTo(layout.size());
    }

    private static void claim(BitSet taken, int offset, int count) {
        assertThat(taken.get(offset, offset + count).isEmpty()).isTrue();
        taken.set(offset, offset + count);
    }

    @Test
    void refusesARankOfZero() {
        assertThatThrownBy(() -> new TripletLayout(List.of(), 0))
                .hasMessage("initial rank is 0, expected at least 1");
    }
}
