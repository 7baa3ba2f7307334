package io.rankstream.adapters.model.deberta;

/**
 * How distances share the rows of a table, as DeBERTa-v3 (He et al., 2023) does it: those up to
 * half the number of buckets have one each, the others share them by their logarithm. Whatever is
 * further is as far as the table goes.
 *
 * @param buckets rows for distances to either side; 0 if every distance has a row
 * @param farthest a distance that the last bucket is for; rows to either side if there are no
 *     buckets
 */
record Distances(int buckets, int farthest) {

    Distances {
        if (buckets < 0 || buckets % 2 == 1) {
            throw new IllegalArgumentException(
                    "the number of buckets of distances (position_buckets) is %d, expected an even one, or -1 for none"
                            .formatted(buckets));
        }
        if (buckets > 0 && farthest - 1 <= buckets / 2) {
            throw new IllegalArgumentException(
                    "the farthest distance (max_relative_positions) is %d, expected more than half of the %d buckets and 1"
                            .formatted(farthest, buckets));
        }
    }

    /** Rows of the table. */
    int rows() {
        return 2 * span();
    }

    private int span() {
        return buckets > 0 ? buckets : farthest;
    }

    /**
     * Row of a distance.
     *
     * @param distance the query's position minus the key's
     */
    int rowOf(int distance) {
        int bucket = buckets > 0 ? bucketOf(distance) : distance;
        return Math.max(0, Math.min(rows() - 1, bucket + span()));
    }

    /** In floats, as transformers does it: a bucket ends where they are rounded up. */
    private int bucketOf(int distance) {
        int half = buckets / 2;
        int size = Math.abs(distance);
        if (size <= half) {
            return distance;
        }
        float share = log((float) size / half) / log((float) ((farthest - 1) / (double) half));
        int bucket = (int) Math.ceil(share * (half - 1)) + half;
        return distance < 0 ? -bucket : bucket;
    }

    private static float log(float x) {
        return (float) Math.log(x);
    }
}
