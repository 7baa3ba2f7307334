package io.rankstream.adapters.drift;

import java.util.Optional;

/**
 * A {@link DriftWatch} as a value: a part of an adapter's state, of bounded size.
 *
 * @param watched what is seen of an example
 * @param examples seen over the adapter's life
 * @param recent what a value is ranked among; empty for errors, which are not ranked
 * @param detector of the change
 * @param alarms so far
 * @param last the newest alarm
 */
public record DriftState(
        Watched watched,
        long examples,
        RecentState recent,
        DetectorState detector,
        long alarms,
        Optional<DriftAlarm> last) {

    public DriftState {
        if (examples < 0 || alarms < 0 || alarms > examples) {
            throw new IllegalArgumentException(
                    "a drift watch counts "
                            + alarms
                            + " alarms in "
                            + examples
                            + " examples, expected 0 or more of each, and no more alarms than"
                            + " examples");
        }
        if (watched == Watched.ERRORS && recent.values().length > 0) {
            throw new IllegalArgumentException(
                    "a drift watch of errors keeps "
                            + recent.values().length
                            + " recent values, expected none");
        }
        if (last.isPresent() != alarms > 0) {
            throw new IllegalArgumentException(
                    "a drift watch counts "
                            + alarms
                            + " alarms, but "
                            + (last.isPresent() ? "has one" : "has none"));
        }
        if (last.isPresent() && last.get().example() > examples) {
            throw new IllegalArgumentException(
                    "a drift watch of "
                            + examples
                            + " examples has an alarm at example "
                            + last.get().example());
        }
    }

    /**
     * One that has seen nothing.
     *
     * @param detector that has seen nothing, such as {@link BettingCusumState#EMPTY}
     */
    public static DriftState empty(Watched watched, DetectorState detector) {
        return new DriftState(watched, 0, RecentState.EMPTY, detector, 0, Optional.empty());
    }
}
