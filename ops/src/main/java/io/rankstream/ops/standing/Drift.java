package io.rankstream.ops.standing;

import io.rankstream.schemas.DriftEvent;
import io.rankstream.schemas.DriftEventKind;
import java.time.Instant;
import java.util.Locale;

/**
 * A change in the stream of an adapter, as its events tell.
 *
 * @param time when it was told first
 * @param event the alarm or advice that told it, or the announcement
 * @param said what was said of it
 */
public record Drift(Instant time, DriftEvent event, Said said) {

    /** What was said of a change. */
    public enum Said {
        /** Nothing yet: an alarm. */
        NOTHING("nobody has confirmed or dismissed it"),
        /** A command announced it, so there was no alarm. */
        EXPECTED("announced"),
        /** The alarm was real. */
        CONFIRMED("confirmed"),
        /** The alarm was false. */
        DISMISSED("dismissed"),
        /** It is no alarm: inputs have become others, and no label has said so. */
        ADVICE("advice, without labels");

        private final String text;

        Said(String text) {
            this.text = text;
        }

        static Said of(DriftEventKind kind) {
            return switch (kind) {
                case EXPECTED -> EXPECTED;
                case CONFIRMED -> CONFIRMED;
                case DISMISSED -> DISMISSED;
                case ADVISORY -> ADVICE;
                case ALARM, UNKNOWN -> NOTHING;
            };
        }
    }

    /** Number of the example that raised the alarm, or after which it was announced. */
    public long example() {
        return event.getExample();
    }

    /** Whether the adapter noticed it, and nobody has called that false. */
    public boolean isAlarm() {
        return said == Said.NOTHING || said == Said.CONFIRMED;
    }

    /** Whether it is of inputs alone. */
    boolean isAdvice() {
        return said == Said.ADVICE;
    }

    /** Whether {@code other} tells of the same alarm, or announces the same. */
    boolean isToldBy(DriftEvent other) {
        if (isAdvice() || other.getKind() == DriftEventKind.ADVISORY) {
            return event.getEventId().equals(other.getEventId());
        }
        return (said == Said.EXPECTED) == (other.getKind() == DriftEventKind.EXPECTED)
                && example() == other.getExample();
    }

    Drift with(Said next) {
        return new Drift(time, event, next);
    }

    /** The change in a few words, as {@code surprised by 31.0 % since example 1,790, …}. */
    public String text() {
        if (isAdvice()) {
            return String.format(
                    Locale.ROOT,
                    "%s; noticed after example %,d; %s",
                    event.getMessage(),
                    example(),
                    said.text);
        }
        if (event.getBeginning() == null) {
            return String.format(Locale.ROOT, "announced after example %,d", example());
        }
        return String.format(
                Locale.ROOT,
                "surprised by %.1f %% since about example %,d, by %.1f %% before; noticed at example %,d; %s",
                100 * event.getRateSince(),
                event.getBeginning(),
                100 * event.getRateBefore(),
                example(),
                said.text);
    }
}
