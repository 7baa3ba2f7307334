package io.rankstream.adapters.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.FloatRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class ImportanceHistogramTest {

    @Property(tries = 300)
    void countsEachTripletOnceWhateverItsScore(
            @ForAll @Size(max = 40) @FloatRange(max = Float.MAX_VALUE) float[] scores) {
        ImportanceHistogram histogram = ImportanceHistogram.of(scores);

        assertThat(Arrays.stream(histogram.counts()).sum()).isEqualTo(scores.length);
        assertThat(histogram.above(0)).isEqualTo(scores.length);
        assertThat(histogram.above(ImportanceHistogram.BINS)).isZero();
    }

    @Test
    void countsAboveAPlaceTheShareOfItsBin() {
        // an importance of 2^-10, the root of 2^-20, begins bin 200
        ImportanceHistogram histogram = ImportanceHistogram.of(new float[] {0x1.1p-20f, 0x1p-40f});

        assertThat(histogram.above(200)).isEqualTo(1);
        assertThat(histogram.above(200.25)).isCloseTo(.75, within(1e-12));
        assertThat(histogram.above(201)).isZero();
    }

    @Test
    void averagesOverTime() {
        ImportanceHistogram before = ImportanceHistogram.of(new float[] {0x1p-20f, 0x1p-20f});
        ImportanceHistogram newer = ImportanceHistogram.of(new float[] {0x1p-40f, 0x1p-40f});

        assertThat(before.mixedWith(newer, .25).above(180)).isEqualTo(1.5);
    }
}
