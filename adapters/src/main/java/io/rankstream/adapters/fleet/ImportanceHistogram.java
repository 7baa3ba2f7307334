package io.rankstream.adapters.fleet;

import java.util.Arrays;

/**
 * How many triplets of an adapter are how important, in bins of a quarter of an octave. The array
 * is never modified after construction.
 *
 * <p>A score is a product of two estimates of a change of loss, sensitivity and uncertainty; here
 * its square root counts, which is one such change.
 *
 * @param counts triplets of each bin, the least important first; {@value #BINS} of them
 */
public record ImportanceHistogram(double[] counts) {

    /** Bins of a histogram. */
    public static final int BINS = 256;

    private static final int BINS_OF_OCTAVE = 4;

    /** Logarithm to base 2 at which the lowest bin begins; what is less important is in it too. */
    private static final double LOWEST = -60;

    private static final double LN_2 = StrictMath.log(2);

    public ImportanceHistogram {
        if (counts.length != BINS) {
            throw new IllegalArgumentException(
                    "there are %d bins, expected %d".formatted(counts.length, BINS));
        }
    }

    /**
     * The histogram of scores.
     *
     * @param scores one a triplet, as {@link io.rankstream.adapters.adalora.RankAllocator#scores}
     *     gives them
     */
    public static ImportanceHistogram of(float[] scores) {
        double[] counts = new double[BINS];
        for (float score : scores) {
            double place = place(StrictMath.sqrt(score));
            counts[(int) Math.max(0, Math.min(BINS - 1, place))]++;
        }
        return new ImportanceHistogram(counts);
    }

    /** Where an importance lies, in bins. */
    static double place(double importance) {
        return BINS_OF_OCTAVE * (StrictMath.log(importance) / LN_2 - LOWEST);
    }

    /**
     * The average with a newer one.
     *
     * @param share of the newer one, 0 to 1
     */
    public ImportanceHistogram mixedWith(ImportanceHistogram newer, double share) {
        double[] mixed = new double[BINS];
        for (int i = 0; i < BINS; i++) {
            mixed[i] = counts[i] + share * (newer.counts[i] - counts[i]);
        }
        return new ImportanceHistogram(mixed);
    }

    /**
     * Triplets that lie above a place, those of its bin in proportion.
     *
     * @param place in bins, from 0 on
     */
    double above(double place) {
        double sum = 0;
        for (int i = BINS - 1; i >= 0 && i + 1 > place; i--) {
            sum += counts[i] * Math.min(1, i + 1 - place);
        }
        return sum;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ImportanceHistogram that && Arrays.equals(counts, that.counts);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(counts);
    }
}
