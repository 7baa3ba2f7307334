package io.rankstream.adapters.drift.detector;

import java.util.Arrays;
import java.util.Objects;
import java.util.stream.IntStream;

/**
 * An {@link ErrorCusum} as a value. Arrays are never modified after construction.
 *
 * @param seen examples since it began
 * @param surprises surprises among those that count for the usual share, older ones for less
 * @param weight of all that count for it
 * @param held the newest surprises, which do not count yet, a bit each, the newest lowest
 * @param heldCount how many examples those are
 * @param evidence logarithm of what each bet has won since it was last at nothing
 * @param lengths examples since then
 * @param surprisesSince surprises among those
 */
public record CusumState(
        long seen,
        double surprises,
        double weight,
        int held,
        int heldCount,
        double[] evidence,
        int[] lengths,
        int[] surprisesSince)
        implements DetectorState {

    public CusumState {
        int bets = ErrorCusum.BETS;
        long sinceWarmUp = Math.max(0, seen - ChangeDetector.WARM_UP);
        if (seen < 0
                || !(surprises >= 0 && surprises <= weight)
                || !(weight > 0 && weight < Double.POSITIVE_INFINITY)
                || heldCount < 0
                || heldCount > Math.min(seen, ErrorCusum.HELD_BACK)
                || (heldCount < ErrorCusum.HELD_BACK && held >>> heldCount != 0)
                || evidence.length != bets
                || lengths.length != bets
                || surprisesSince.length != bets
                || !Arrays.stream(evidence).allMatch(Double::isFinite)
                || Arrays.stream(lengths).anyMatch(length -> length < 0 || length > sinceWarmUp)
                || IntStream.range(0, bets)
                        .anyMatch(
                                bet ->
                                        surprisesSince[bet] < 0
                                                || surprisesSince[bet] > lengths[bet])) {
            throw new IllegalArgumentException(
                    "what is known of surprises is damaged: %s of %s after %d examples, %d held back as %x, evidence %s, surprises %s of %s"
                            .formatted(
                                    surprises,
                                    weight,
                                    seen,
                                    heldCount,
                                    held,
                                    Arrays.toString(evidence),
                                    Arrays.toString(surprisesSince),
                                    Arrays.toString(lengths)));
        }
    }

    /** One that knows nothing of how frequent surprises are. */
    public static CusumState empty() {
        return knowing(ErrorCusum.FIRST_SURPRISES, ErrorCusum.FIRST_WEIGHT, 0);
    }

    /** One that has seen no surprise too many so far. */
    static CusumState knowing(double surprises, double weight, long seen) {
        int bets = ErrorCusum.BETS;
        return new CusumState(
                seen, surprises, weight, 0, 0, new double[bets], new int[bets], new int[bets]);
    }

    @Override
    public DetectorKind kind() {
        return DetectorKind.CUSUM;
    }

    @Override
    public double usualShare() {
        return surprises / weight;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof CusumState that
                && seen == that.seen
                && Double.compare(surprises, that.surprises) == 0
                && Double.compare(weight, that.weight) == 0
                && held == that.held
                && heldCount == that.heldCount
                && Arrays.equals(evidence, that.evidence)
                && Arrays.equals(lengths, that.lengths)
                && Arrays.equals(surprisesSince, that.surprisesSince);
    }

    @Override
    public int hashCode() {
        return Objects.hash(seen, surprises, weight, held, Arrays.hashCode(evidence));
    }
}
