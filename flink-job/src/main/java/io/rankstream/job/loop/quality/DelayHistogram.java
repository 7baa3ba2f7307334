package io.rankstream.job.loop.quality;

import java.util.Collections;
import java.util.Map;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * How many labels came how late, in bins of an eighth of an octave: a quantile is right to 5 %.
 *
 * @param counts labels by bin; those without any are absent
 */
record DelayHistogram(SortedMap<Integer, Long> counts) {

    static final DelayHistogram NONE = new DelayHistogram(Collections.emptySortedMap());

    private static final double BINS_OF_OCTAVE = 8;

    private static final double LN_2 = StrictMath.log(2);

    DelayHistogram {
        counts = Collections.unmodifiableSortedMap(counts);
    }

    /** And a label that came {@code milliseconds} after its input; below 0 counts as 0. */
    DelayHistogram with(long milliseconds) {
        return plus(new DelayHistogram(new TreeMap<>(Map.of(bin(milliseconds), 1L))));
    }

    DelayHistogram plus(DelayHistogram other) {
        SortedMap<Integer, Long> all = new TreeMap<>(counts);
        other.counts.forEach((bin, count) -> all.merge(bin, count, Long::sum));
        return new DelayHistogram(all);
    }

    /** Milliseconds within which so large a share of the labels came; empty without any. */
    OptionalLong quantile(double share) {
        long all = counts.values().stream().mapToLong(count -> count).sum();
        double left = share * all;
        for (Map.Entry<Integer, Long> of : counts.entrySet()) {
            left -= of.getValue();
            if (left <= 0) {
                return OptionalLong.of(middle(of.getKey()));
            }
        }
        return OptionalLong.empty();
    }

    private static int bin(long milliseconds) {
        return (int) (StrictMath.log((double) Math.max(1, milliseconds)) / LN_2 * BINS_OF_OCTAVE);
    }

    private static long middle(int bin) {
        return Math.round(StrictMath.pow(2, (bin + .5) / BINS_OF_OCTAVE));
    }
}
