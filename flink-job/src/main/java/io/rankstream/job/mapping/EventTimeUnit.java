package io.rankstream.job.mapping;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.ResolverStyle;
import java.util.Locale;

/** How a document writes the time of an event. */
public enum EventTimeUnit {
    /** ISO-8601 with an offset, such as 2026-05-04T10:00:00Z or 2026-05-04 12:00:00.5+02:00. */
    ISO(0),
    /** Seconds since 1970, fractions allowed. */
    SECONDS(3),
    /** Milliseconds since 1970. */
    MILLIS(0),
    /** Microseconds since 1970, cut to milliseconds. */
    MICROS(-3),
    /** Nanoseconds since 1970, cut to milliseconds. */
    NANOS(-6);

    private static final DateTimeFormatter FORMAT =
            new DateTimeFormatterBuilder()
                    .parseCaseInsensitive()
                    .append(DateTimeFormatter.ISO_LOCAL_DATE)
                    .appendPattern("[ ]['T']")
                    .append(DateTimeFormatter.ISO_LOCAL_TIME)
                    .appendPattern("[XXX][XX][X]")
                    .toFormatter(Locale.ROOT)
                    .withResolverStyle(ResolverStyle.STRICT);

    private static final int MOST_CHARACTERS = 100;

    /** Digits before or after the point that any time has room in; more may be a trap. */
    private static final int MOST_DIGITS = 30;

    private final int digitsToMillis;

    EventTimeUnit(int digitsToMillis) {
        this.digitsToMillis = digitsToMillis;
    }

    /**
     * Milliseconds since 1970, rounded down, of a time as it is written.
     *
     * @throws IllegalArgumentException if it is none of this unit; the message is what was expected
     */
    public long millis(String written) {
        try {
            if (written.length() > MOST_CHARACTERS) {
                throw new NumberFormatException("too long");
            }
            return this == ISO
                    ? OffsetDateTime.parse(written, FORMAT).toInstant().toEpochMilli()
                    : epochMillis(new BigDecimal(written));
        } catch (DateTimeException | ArithmeticException | NumberFormatException e) {
            throw new IllegalArgumentException(expected(), e);
        }
    }

    private long epochMillis(BigDecimal time) {
        if (Math.abs((long) time.precision() - time.scale()) > MOST_DIGITS) {
            throw new ArithmeticException("no moment");
        }
        return time.scaleByPowerOfTen(digitsToMillis)
                .setScale(0, RoundingMode.FLOOR)
                .longValueExact();
    }

    private String expected() {
        return this == ISO
                ? "ISO-8601 with an offset, such as 2026-05-04T10:00:00Z; for numbers the mapping names their unit in eventTimeUnit (seconds, millis, micros or nanos)"
                : "a number of %s since 1970, as eventTimeUnit says"
                        .formatted(name().toLowerCase(Locale.ROOT));
    }
}
