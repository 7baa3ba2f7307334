package io.rankstream.adapters.drift.detector;

import java.util.Arrays;
import java.util.Objects;

/**
 * An {@link ErrorAdwin} as a value. Arrays are never modified after construction.
 *
 * @param seen examples since it began
 * @param buckets how many buckets of 1, 2, 4, … examples its window has
 * @param surprises of each of them, those of one example first, of a size the oldest first
 */
public record AdwinState(long seen, int[] buckets, int[] surprises) implements DetectorState {

    /** One that knows nothing. */
    static final AdwinState EMPTY = new AdwinState(0, new int[0], new int[0]);

    public AdwinState {
        boolean sound = seen >= 0 && buckets.length <= AdaptiveWindow.SIZES;
        int next = 0;
        for (int size = 0; sound && size < buckets.length; size++) {
            sound =
                    buckets[size] > 0
                            && buckets[size] <= AdaptiveWindow.BUCKETS
                            && next + buckets[size] <= surprises.length;
            for (int i = 0; sound && i < buckets[size]; i++) {
                int found = surprises[next++];
                sound = found >= 0 && found <= 1L << size;
            }
        }
        if (!sound || next != surprises.length) {
            throw new IllegalArgumentException(
                    "what is known of surprises is damaged: after %d examples, a window of %s buckets has %s"
                            .formatted(seen, Arrays.toString(buckets), Arrays.toString(surprises)));
        }
    }

    @Override
    public DetectorKind kind() {
        return DetectorKind.ADWIN;
    }

    @Override
    public double usualShare() {
        long length = 0;
        for (int size = 0; size < buckets.length; size++) {
            length += (long) buckets[size] << size;
        }
        long sum = Arrays.stream(surprises).asLongStream().sum();
        return length == 0 ? .5 : (double) sum / length;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof AdwinState that
                && seen == that.seen
                && Arrays.equals(buckets, that.buckets)
                && Arrays.equals(surprises, that.surprises);
    }

    @Override
    public int hashCode() {
        return Objects.hash(seen, Arrays.hashCode(buckets), Arrays.hashCode(surprises));
    }
}
