package io.rankstream.adapters.drift;

import java.util.Arrays;

/**
 * The quantile of the newest values, exact. The rank is that of conformal prediction (Vovk,
 * Gammerman and Shafer 2005): of n values that come in any order alike, the next one exceeds the ⌈q
 * (n + 1)⌉th smallest with a probability of at most 1 − q, whatever their distribution and scale.
 * Equal values are no surprise. For one thread.
 */
final class Recent {

    private final double[] ring = new double[RecentState.MOST];
    private final double[] sorted = new double[RecentState.MOST];
    private int size;
    private int oldest;

    Recent(RecentState state) {
        size = state.values().length;
        System.arraycopy(state.values(), 0, ring, 0, size);
        System.arraycopy(state.values(), 0, sorted, 0, size);
        Arrays.sort(sorted, 0, size);
    }

    RecentState state() {
        double[] values = new double[size];
        for (int i = 0; i < size; i++) {
            values[i] = ring[(oldest + i) % ring.length];
        }
        return new RecentState(values);
    }

    /** Whether a value exceeds this quantile of those before it. */
    boolean exceeds(double quantile, double value) {
        int rank = (int) StrictMath.ceil(quantile * (size + 1));
        return rank <= size && value > sorted[rank - 1];
    }

    /** Takes a value in, and the oldest one out where there are too many. */
    void add(double value) {
        if (size == ring.length) {
            int out = Arrays.binarySearch(sorted, 0, size, ring[oldest]);
            size--;
            System.arraycopy(sorted, out + 1, sorted, out, size - out);
            ring[oldest] = value;
            oldest = (oldest + 1) % ring.length;
        } else {
            ring[size] = value;
        }
        int found = Arrays.binarySearch(sorted, 0, size, value);
        int in = found < 0 ? -found - 1 : found;
        System.arraycopy(sorted, in, sorted, in + 1, size - in);
        sorted[in] = value;
        size++;
    }
}
