package io.rankstream.adapters.drift.detector;

/** How a rise of the share of surprises is found. */
public enum DetectorKind {
    /** By bets on it, see {@link ErrorCusum}. */
    CUSUM,
    /** By a window as long as nothing changes in it, see {@link ErrorAdwin}. */
    ADWIN;

    /** A detector of this kind that knows nothing. */
    public DetectorState empty() {
        return switch (this) {
            case CUSUM -> CusumState.empty();
            case ADWIN -> AdwinState.EMPTY;
        };
    }
}
