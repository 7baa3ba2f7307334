package io.rankstream.benchmarks.measure;

/** Percentiles of what was measured. */
public final class Percentile {

    private Percentile() {}

    /** By the nearest rank. */
    public static long of(long[] sorted, double share) {
        return sorted[(int) Math.ceil(share * sorted.length) - 1];
    }
}
