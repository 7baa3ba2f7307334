package io.rankstream.adapters.drift.detector;

import java.util.Arrays;
import java.util.Optional;

/**
 * The newest of a stream of yes and no, as long as their share has not changed among them (ADWIN2;
 * Bifet and Gavaldà 2007). Whenever the share of an older part of the window differs from that of
 * the newer one by more than
 *
 * <pre>ε = √(2/m · σ² · ln(2 ln(n) / δ)) + 2/(3m) · ln(2 ln(n) / δ)</pre>
 *
 * <p>its oldest part is dropped, until no two parts differ. n is the length of the window, σ² its
 * variance, and 1/m = 1/(n₀ − 4) + 1/(n₁ − 4) of parts of at least five, as the authors' own
 * programs have it. The window is an exponential histogram: at most {@value #BUCKETS} buckets of
 * each power of two, so what is older is divided the more coarsely, in memory that grows with the
 * logarithm of the length. For one thread.
 */
final class AdaptiveWindow {

    /** Most buckets of one size. */
    static final int BUCKETS = 5;

    /** Most sizes of buckets: a window of ten thousand million; then the oldest are dropped. */
    static final int SIZES = 31;

    private static final int SHORTEST_PART = 5;

    /** A shorter window is not divided. */
    private static final int SHORTEST = 10;

    private final double delta;

    /** By the power of two that their size is; the buckets of a size begin with the oldest. */
    private final int[] counts = new int[SIZES];

    private final int[][] sums = new int[SIZES][BUCKETS + 1];
    private int sizes;
    private long length;
    private long sum;

    /**
     * @param delta probability that a share that stays the same is found to differ; the paper's δ
     */
    AdaptiveWindow(AdwinState state, double delta) {
        this.delta = delta;
        int next = 0;
        for (int size = 0; size < state.buckets().length; size++) {
            counts[size] = state.buckets()[size];
            for (int i = 0; i < counts[size]; i++) {
                sums[size][i] = state.surprises()[next++];
                sum += sums[size][i];
                length += 1L << size;
            }
        }
        sizes = state.buckets().length;
    }

    /**
     * What it is.
     *
     * @param seen examples since its detector began
     */
    AdwinState state(long seen) {
        int[] buckets = Arrays.copyOf(counts, sizes);
        int[] surprises = new int[Arrays.stream(buckets).sum()];
        int next = 0;
        for (int size = 0; size < sizes; size++) {
            System.arraycopy(sums[size], 0, surprises, next, counts[size]);
            next += counts[size];
        }
        return new AdwinState(seen, buckets, surprises);
    }

    long length() {
        return length;
    }

    /**
     * Two parts that differ.
     *
     * @param newer length of the newer one
     * @param before share of the older one
     * @param since share of the newer one
     * @param chance how far they may differ by chance: ε
     */
    record Cut(long newer, double before, double since, double chance) {}

    /**
     * Takes the next one in, and drops what is no longer like the newest.
     *
     * @return where the window divided most clearly, if it did
     */
    Optional<Cut> add(boolean yes) {
        insert(yes ? 1 : 0);
        Optional<Cut> found = clearest();
        Optional<Cut> left = found;
        while (left.isPresent()) {
            dropOldest();
            left = clearest();
        }
        return found;
    }

    private void insert(int value) {
        length++;
        sum += value;
        int carried = value;
        for (int size = 0; ; size++) {
            sizes = Math.max(sizes, size + 1);
            sums[size][counts[size]++] = carried;
            if (counts[size] <= BUCKETS) {
                return;
            }
            if (size == SIZES - 1) {
                dropOldest();
                return;
            }
            carried = sums[size][0] + sums[size][1];
            remove(size, 2);
        }
    }

    private void remove(int size, int buckets) {
        counts[size] -= buckets;
        System.arraycopy(sums[size], buckets, sums[size], 0, counts[size]);
    }

    private void dropOldest() {
        int size = sizes - 1;
        length -= 1L << size;
        sum -= sums[size][0];
        remove(size, 1);
        while (sizes > 0 && counts[sizes - 1] == 0) {
            sizes--;
        }
    }

    /** Drops all but so many of the newest, or somewhat fewer where no bucket ends there. */
    void keepNewest(long newest) {
        while (length > newest) {
            dropOldest();
        }
    }

    private Optional<Cut> clearest() {
        if (length <= SHORTEST) {
            return Optional.empty();
        }
        double share = (double) sum / length;
        double confidence = StrictMath.log(2 * StrictMath.log((double) length) / delta);
        double spread = 2 * share * (1 - share) * confidence;
        double clearest = 0;
        Cut found = null;
        long older = 0;
        long ofOlder = 0;
        for (int size = sizes - 1; size >= 0; size--) {
            for (int i = 0; i < counts[size]; i++) {
                older += 1L << size;
                ofOlder += sums[size][i];
                long newer = length - older;
                if (older < SHORTEST_PART || newer < SHORTEST_PART) {
                    continue;
                }
                double before = (double) ofOlder / older;
                double since = (double) (sum - ofOlder) / newer;
                double parts = 1. / (older - SHORTEST_PART + 1) + 1. / (newer - SHORTEST_PART + 1);
                double chance = Math.sqrt(spread * parts) + 2. / 3 * confidence * parts;
                double excess = Math.abs(since - before) - chance;
                if (excess > clearest) {
                    clearest = excess;
                    found = new Cut(newer, before, since, chance);
                }
            }
        }
        return Optional.ofNullable(found);
    }
}
