package io.rankstream.adapters.drift;

import io.rankstream.adapters.drift.detector.DetectorState;

/**
 * What a {@link DriftWatch} has found so far, without what it goes on from.
 *
 * @param alarms the alarms
 * @param usualShare share of surprises that is usual now
 */
public record DriftStanding(AlarmLog alarms, double usualShare) {

    static DriftStanding of(AlarmLog alarms, DetectorState detector) {
        return new DriftStanding(alarms, detector.usualShare());
    }
}
