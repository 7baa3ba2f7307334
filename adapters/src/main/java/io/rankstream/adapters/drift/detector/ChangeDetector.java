package io.rankstream.adapters.drift.detector;

import java.util.Optional;

/**
 * Finds that surprises have become more frequent; that they have become rarer is no matter. It is
 * silent for its first {@value #WARM_UP} examples, and for as many after it has found something:
 * what is usual is not known sooner. For one thread.
 */
public sealed interface ChangeDetector permits ErrorCusum, ErrorAdwin {

    /** No rise before so many examples. */
    int WARM_UP = 100;

    /** A share of surprises is never taken to be rarer: a single one would be a rise. */
    double RAREST = .005;

    /**
     * One that goes on.
     *
     * @param runLength examples that are expected at least between two rises while nothing changes
     */
    static ChangeDetector of(DetectorState state, long runLength) {
        if (state instanceof CusumState cusum) {
            return new ErrorCusum(cusum, runLength);
        }
        return new ErrorAdwin((AdwinState) state, runLength);
    }

    /** What it is by now. */
    DetectorState state();

    /** Knows nothing any more, and is silent until it knows what is usual. */
    void begin();

    /** Takes a share for the usual one. */
    void expect(double usual);

    /**
     * Takes one example.
     *
     * @param leastUsual what is usual at least, however rare surprises were
     */
    Optional<Rise> observe(boolean surprise, double leastUsual);
}
