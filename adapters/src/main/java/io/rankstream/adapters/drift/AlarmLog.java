package io.rankstream.adapters.drift;

import java.util.Optional;

/**
 * The alarms of an adapter.
 *
 * @param raised how many there were
 * @param dismissed how many of them were called false
 * @param last the newest
 * @param verdict what was said of it
 */
public record AlarmLog(long raised, long dismissed, Optional<DriftAlarm> last, Verdict verdict) {

    /** There was none. */
    static final AlarmLog EMPTY = new AlarmLog(0, 0, Optional.empty(), Verdict.OPEN);

    /** What a person said of an alarm. */
    public enum Verdict {
        /** Nothing yet. */
        OPEN,
        /** The stream has changed. */
        CONFIRMED,
        /** It has not. */
        DISMISSED
    }

    public AlarmLog {
        boolean lastDismissed = verdict == Verdict.DISMISSED;
        boolean none = raised == 0 && dismissed == 0 && last.isEmpty() && verdict == Verdict.OPEN;
        boolean some =
                last.isPresent()
                        && dismissed >= (lastDismissed ? 1 : 0)
                        && dismissed <= raised - (lastDismissed ? 0 : 1);
        if (!none && !some) {
            throw new IllegalArgumentException(
                    "%d of %d alarms were dismissed, and the newest is %s, %s"
                            .formatted(dismissed, raised, last, verdict));
        }
    }

    /** Whether there is an alarm that nothing was said of. */
    public boolean isOpen() {
        return last.isPresent() && verdict == Verdict.OPEN;
    }

    AlarmLog with(DriftAlarm alarm) {
        return new AlarmLog(raised + 1, dismissed, Optional.of(alarm), Verdict.OPEN);
    }

    AlarmLog confirmed() {
        return new AlarmLog(raised, dismissed, last, Verdict.CONFIRMED);
    }

    AlarmLog asDismissed() {
        return new AlarmLog(raised, dismissed + 1, last, Verdict.DISMISSED);
    }
}
