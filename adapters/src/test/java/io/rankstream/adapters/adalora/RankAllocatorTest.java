package io.rankstream.adapters.adalora;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.rankstream.adapters.model.ModuleShape;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class RankAllocatorTest {

    @Test
    void scoresATripletByItsValueAndTheMeansOfItsVectors() {
        TripletLayout layout = new TripletLayout(List.of(new ModuleShape("m", 3, 2)), 2);
        float[] sensitivity = new float[layout.size()];
        float[] uncertainty = new float[layout.size()];
        for (int i = 0; i < layout.size(); i++) {
            sensitivity[i] = i + 1;
            uncertainty[i] = 10 * (i + 1);
        }
        // A = [1 2 3; 4 5 6], E = [7 8], B = [9 10; 11 12]: products are 10 times the squares.
        double first = 490 + (10 + 40 + 90) / 3.0 + (810 + 1210) / 2.0;
        double second = 640 + (160 + 250 + 360) / 3.0 + (1000 + 1440) / 2.0;

        float[] scores = RankAllocator.scores(layout, sensitivity, uncertainty);

        assertThat((double) scores[0]).isCloseTo(first, within(1e-3));
        assertThat((double) scores[1]).isCloseTo(second, within(1e-3));
    }

    @Test
    void keepsTheTripletsOfHighestScore() {
        assertThat(RankAllocator.keep(new float[] {3, 1, 4, 1.5f}, 2))
                .containsExactly(true, false, true, false);
    }

    @Test
    void keepsExactlyTheBudgetWhenScoresTie() {
        assertThat(RankAllocator.keep(new float[4], 1)).containsExactly(false, false, false, true);
    }

    @Test
    void refusesABudgetAboveTheNumberOfTriplets() {
        assertThatThrownBy(() -> RankAllocator.keep(new float[4], 5))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("budget is 5, expected 0 to 4");
    }

    @Property(tries = 300)
    void neverPrunesAHigherScoreThanItKeeps(
            @ForAll @Size(min = 1, max = 60) @IntRange(max = 9) int[] drawn,
            @ForAll @IntRange(max = 60) int wanted) {
        float[] scores = new float[drawn.length];
        for (int i = 0; i < drawn.length; i++) {
            scores[i] = drawn[i];
        }
        int budget = Math.min(wanted, scores.length);
        boolean[] live = RankAllocator.keep(scores, budget);
        int kept = 0;
        float lowestKept = Float.POSITIVE_INFINITY;
        float highestPruned = Float.NEGATIVE_INFINITY;
        for (int i = 0; i < live.length; i++) {
            if (live[i]) {
                kept++;
                lowestKept = Math.min(lowestKept, scores[i]);
            } else {
                highestPruned = Math.max(highestPruned, scores[i]);
            }
        }
        assertThat(kept).isEqualTo(budget);
        assertThat(highestPruned).isLessThanOrEqualTo(lowestKept);
    }
}
