package io.rankstream.adapters.drift.detector;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AdaptiveWindowTest {

    private static final double DELTA = .002;

    private static AdaptiveWindow fresh(double delta) {
        return new AdaptiveWindow(AdwinState.EMPTY, delta);
    }

    /** The file comes from {@code benchmarks/river/adwin.py}. */
    @ParameterizedTest(name = "from {2} to {3} under {4}")
    @CsvFileSource(resources = "river-adwin.csv", numLinesToSkip = 1)
    void itIsFirstCutWhereRiverCutsAndAsLongThen(
            long seed,
            int change,
            double before,
            double after,
            double delta,
            int cut,
            long length) {
        AdaptiveWindow window = fresh(delta);
        long state = seed;
        int first = 0;
        for (int i = 0; i < 2 * change && first == 0; i++) {
            state = state * 6364136223846793005L + 1442695040888963407L;
            double drawn = (state >>> 33) / (double) (1L << 31);
            first = window.add(drawn < (i < change ? before : after)).isPresent() ? i + 1 : 0;
        }

        assertThat(first).isEqualTo(cut);
        assertThat(window.length()).isEqualTo(length);
    }

    /** Theorem 1: at each example, a window that nothing changes in is cut once in 1/δ at most. */
    @ParameterizedTest
    @ValueSource(doubles = {0, .02, .1, .5, .9})
    void itIsCutWhereNothingChangesNoMoreOftenThanTheTheoremHasIt(double share) {
        int examples = 20_000;
        double delta = .01;
        int cuts = 0;
        for (int seed = 0; seed < 5; seed++) {
            Random random = new Random(seed);
            AdaptiveWindow window = fresh(delta);
            for (int i = 0; i < examples; i++) {
                cuts += window.add(random.nextDouble() < share).isPresent() ? 1 : 0;
            }
        }

        assertThat(cuts).isLessThanOrEqualTo((int) (5 * examples * delta));
    }

    @Test
    void itGrowsAsLongAsNothingChanges() {
        Random random = new Random(1);
        AdaptiveWindow window = fresh(DELTA);
        for (int i = 1; i <= 20_000; i++) {
            window.add(random.nextDouble() < .3);

            assertThat(window.length()).isEqualTo(i);
        }
    }

    /** The paper's figure 1: after an abrupt change, hardly anything of before it is left. */
    @ParameterizedTest
    @CsvSource({".8, .4", ".2, .9", ".5, .1"})
    void afterAJumpItHasTheNewAlone(double before, double after) {
        Random random = new Random(2);
        AdaptiveWindow window = fresh(DELTA);
        for (int i = 0; i < 2_000; i++) {
            window.add(random.nextDouble() < (i < 1_000 ? before : after));
        }

        assertThat(window.length()).isBetween(700L, 1_060L);
        assertThat(window.state(0).usualShare()).isBetween(after - .08, after + .08);
    }

    @Test
    void aCutDividesWhereTheSharesDifferMostClearly() {
        Random random = new Random(3);
        AdaptiveWindow window = fresh(DELTA);
        Optional<AdaptiveWindow.Cut> cut = Optional.empty();
        int examples = 0;
        while (cut.isEmpty()) {
            cut = window.add(random.nextDouble() < (examples < 1_000 ? .1 : .9));
            examples++;
        }

        assertThat(examples - cut.get().newer()).isBetween(990L, 1_010L);
        assertThat(cut.get().before()).isBetween(.05, .15);
        assertThat(cut.get().since()).isBetween(.7, 1.);
        assertThat(cut.get().chance()).isBetween(0., .8);
    }

    @Property(tries = 100)
    void itCountsWhatItHasAndForgetsTheOldestFirst(
            @ForAll long seed,
            @ForAll @IntRange(max = 3_000) int examples,
            @ForAll @IntRange(max = 3_000) int kept) {
        Random random = new Random(seed);
        AdaptiveWindow window = fresh(1e-300);
        int[] stream = random.ints(examples, 0, 2).toArray();
        for (int yes : stream) {
            window.add(yes == 1);
        }

        window.keepNewest(kept);

        int length = (int) window.length();
        assertThat(length).isBetween(Math.min(examples, kept) / 2, Math.min(examples, kept));
        int sum = 0;
        for (int i = examples - length; i < examples; i++) {
            sum += stream[i];
        }
        assertThat(window.state(0).usualShare())
                .isEqualTo(length == 0 ? .5 : sum / (double) length);
    }

    @Property(tries = 10)
    void itsStateStaysSmallHoweverLongItGrows(
            @ForAll long seed, @ForAll @DoubleRange(max = 1) double share) {
        Random random = new Random(seed);
        AdaptiveWindow window = fresh(DELTA);
        for (int i = 0; i < 30_000; i++) {
            window.add(random.nextDouble() < share);
        }

        assertThat(window.state(0).buckets()).hasSizeLessThanOrEqualTo(13);
    }

    @Test
    void theLongestWindowForgetsItsOldest() {
        int[] buckets = new int[AdaptiveWindow.SIZES];
        Arrays.fill(buckets, AdaptiveWindow.BUCKETS);
        AdwinState longest =
                new AdwinState(0, buckets, new int[AdaptiveWindow.SIZES * AdaptiveWindow.BUCKETS]);
        AdaptiveWindow window = new AdaptiveWindow(longest, DELTA);
        long before = window.length();

        window.add(false);

        assertThat(window.length()).isEqualTo(before + 1 - (1L << (AdaptiveWindow.SIZES - 1)));
        assertThat(window.state(0).buckets()).hasSize(AdaptiveWindow.SIZES);
    }
}
