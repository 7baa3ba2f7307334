package io.rankstream.adapters.model.mpnet;

/**
 * Buckets of distances as T5 has them (Raffel et al., 2020): half of them for keys after the query.
 * Of each half, one half is for a distance each and the rest get wider by the logarithm, up to 128.
 */
final class Distances {

    /** How many there are. */
    static final int BUCKETS = 32;

    private static final int OF_A_SIDE = BUCKETS / 2;
    private static final int EXACT = OF_A_SIDE / 2;

    private Distances() {}

    /**
     * The bucket of a distance.
     *
     * @param distance the key's position minus the query's
     */
    static int bucketOf(int distance) {
        long far = Math.abs((long) distance);
        int bucket = (int) Math.min(far, EXACT);
        if (far >= EXACT) {
            // EXACT · log(far / 8) / log(128 / 8), rounded down: 2 · log2(far / 8), in whole
            // numbers.
            long square = far * far / (EXACT * EXACT);
            int wider = Long.SIZE - 1 - Long.numberOfLeadingZeros(square);
            bucket = Math.min(OF_A_SIDE - 1, EXACT + wider);
        }
        return distance > 0 ? bucket + OF_A_SIDE : bucket;
    }
}
