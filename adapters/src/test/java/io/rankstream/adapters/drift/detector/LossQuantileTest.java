package io.rankstream.adapters.drift.detector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import java.util.function.DoubleUnaryOperator;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LossQuantileTest {

    private static final int FIRST = 1_000;
    private static final int EXAMPLES = 10_000;

    /** Share of the losses after the first that exceed it. */
    private static double exceeding(IntToDoubleFunction losses) {
        LossQuantile quantile = new LossQuantile(Double.NaN);
        int larger = 0;
        for (int i = 0; i < EXAMPLES; i++) {
            boolean exceeds = quantile.isExceededBy(losses.applyAsDouble(i), i + 1);
            larger += i >= FIRST && exceeds ? 1 : 0;
        }
        return larger / (double) (EXAMPLES - FIRST);
    }

    private static IntToDoubleFunction stationary(DoubleUnaryOperator ofGaussian) {
        Random random = new Random(5);
        return i -> ofGaussian.applyAsDouble(random.nextGaussian());
    }

    @ParameterizedTest
    @ValueSource(doubles = {1e-9, 1e-6, 1e-3, 1, 1e3, 1e6, 1e9})
    void aTenthOfLossesOfAnyScaleExceedsIt(double scale) {
        assertThat(exceeding(stationary(value -> scale * value * value)))
                .isCloseTo(.1, within(.01));
        assertThat(exceeding(stationary(value -> scale * Math.exp(value))))
                .isCloseTo(.1, within(.01));
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 1e-30, 1e-9, .7, 1e9})
    void ofEqualLossesAsFewDo(double loss) {
        assertThat(exceeding(i -> loss)).isCloseTo(.1, within(.01));
    }

    @Test
    void ofTwoLossesInTurnAsFewDo() {
        assertThat(exceeding(i -> i % 2 == 0 ? .1 : 10)).isCloseTo(.1, within(.01));
        assertThat(exceeding(i -> i % 2 == 0 ? 0 : 1)).isCloseTo(.1, within(.02));
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 1e-9, 1e9})
    void aFirstLossUnlikeAllOthersIsSoonForgotten(double first) {
        Random random = new Random(7);

        double share =
                exceeding(
                        i -> {
                            double gaussian = random.nextGaussian();
                            return i == 0 ? first : gaussian * gaussian;
                        });

        assertThat(share).isCloseTo(.1, within(.035));
    }

    @Test
    void itGoesOnFromItsLogarithmBitForBit() {
        double[] losses = new Random(9).doubles(400).toArray();
        LossQuantile whole = new LossQuantile(Double.NaN);
        LossQuantile split = new LossQuantile(Double.NaN);
        for (int i = 0; i < losses.length; i++) {
            split = new LossQuantile(split.logarithm());
            assertThat(split.isExceededBy(losses[i], i + 1))
                    .isEqualTo(whole.isExceededBy(losses[i], i + 1));
        }

        assertThat(split.logarithm()).isEqualTo(whole.logarithm());
    }

    @Test
    void lossesThatBecomeLargerExceedItUntilTheyAreUsual() {
        LossQuantile quantile = new LossQuantile(Double.NaN);
        IntStream.range(0, FIRST).forEach(i -> quantile.isExceededBy(1, i + 1));

        long exceeding =
                IntStream.range(FIRST, FIRST + 20)
                        .filter(i -> quantile.isExceededBy(5, i + 1))
                        .count();

        assertThat(exceeding).isEqualTo(20);
    }
}
