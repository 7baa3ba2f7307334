package io.rankstream.adapters.drift.detector;

/** A {@link ChangeDetector} as a value, of bounded size. */
public sealed interface DetectorState permits CusumState, AdwinState {

    /** What goes on from here. */
    DetectorKind kind();

    /** Examples since it began. */
    long seen();

    /** Share of surprises that is usual; a half where that is not known. */
    double usualShare();
}
