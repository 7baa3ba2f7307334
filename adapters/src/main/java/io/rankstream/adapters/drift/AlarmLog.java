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
        if (raised < 0 || dismissed < 0 || dismissed > raised || raised > 0 != last.isPresent()) {
            throw new IllegalArgumentException(
                    "%d of %d alarms were dismissed, and the newest is %s"
                            .formatted(dismissed, raised, last));
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
