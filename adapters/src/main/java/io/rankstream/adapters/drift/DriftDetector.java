package io.rankstream.adapters.drift;

import java.util.Optional;

/** Tells when surprises have become more frequent than they were. For one thread. */
public sealed interface DriftDetector permits BettingCusum {

    /**
     * Takes in the surprise of the next example.
     *
     * @param surprise from 0 to 1
     * @return the change, where it fires: then it learns the new level afresh
     */
    Optional<Change> observe(double surprise);

    /** What it is by now. */
    DetectorState state();
}
