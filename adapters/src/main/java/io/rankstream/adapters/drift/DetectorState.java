package io.rankstream.adapters.drift;

/** A {@link DriftDetector} as a value. */
public sealed interface DetectorState permits BettingCusumState {

    /** Name of the detector, as users read it. */
    String detector();

    /** The same that has seen nothing. */
    DetectorState empty();

    /**
     * The detector that goes on from here.
     *
     * @param runLength examples it shall run on average until a false alarm, more than 1
     */
    DriftDetector restore(double runLength);
}
