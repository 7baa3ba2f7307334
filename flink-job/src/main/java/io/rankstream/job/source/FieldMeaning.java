package io.rankstream.job.source;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import org.apache.avro.Schema;

/**
 * What a field is read as. The type and the logical type that its writer gave it decide what was
 * meant: it is converted by that, or is refused.
 */
enum FieldMeaning {

    /** A {@link String}. */
    TEXT("a text (string, enum, or bytes in UTF-8)") {
        @Override
        Object of(Schema written, Object datum) throws OtherMeaningException {
            if (datum instanceof String text) {
                return text;
            }
            if (datum instanceof byte[] bytes && logicalType(written) == null) {
                return utf8(bytes);
            }
            throw OtherMeaningException.of(written);
        }
    },

    /** A {@link Long}: milliseconds since the epoch, within the years 1 to 9999. */
    TIME(
            "a point in time (timestamp-millis, timestamp-micros, timestamp-nanos, a number of milliseconds since the epoch, or an ISO 8601 text with a time zone) in the years 1 to 9999") {
        @Override
        Object of(Schema written, Object datum) throws OtherMeaningException {
            long millis =
                    datum instanceof String text
                            ? millis(text)
                            : millis(written, wholeNumber(written, datum));
            if (millis < FIRST_MILLI || millis > LAST_MILLI) {
                throw new OtherMeaningException("is %s of %s".formatted(datum, typeName(written)));
            }
            return millis;
        }
    },

    /** A {@link Long}. */
    WHOLE_NUMBER("a whole number (int or long)") {
        @Override
        Object of(Schema written, Object datum) throws OtherMeaningException {
            if (logicalType(written) != null) {
                throw OtherMeaningException.of(written);
            }
            return wholeNumber(written, datum);
        }
    };

    private static final long FIRST_MILLI = Instant.parse("0001-01-01T00:00:00Z").toEpochMilli();
    private static final long LAST_MILLI = Instant.parse("9999-12-31T23:59:59.999Z").toEpochMilli();
    private static final long MICROS_A_MILLI = 1_000;
    private static final long NANOS_A_MILLI = 1_000_000;

    private final String expected;

    FieldMeaning(String expected) {
        this.expected = expected;
    }

    /** Says why a value does not mean this: "is a double". */
    static final class OtherMeaningException extends Exception {

        private static final long serialVersionUID = 1L;

        OtherMeaningException(String message) {
            super(message);
        }

        static OtherMeaningException of(Schema written) {
            return new OtherMeaningException("is of " + typeName(written));
        }
    }

    /** What a field of this meaning may be, for messages. */
    String expected() {
        return expected;
    }

    /**
     * The value that was meant.
     *
     * @param written the writer's schema of the value, no union
     * @param datum the value without its logical type, of {@link RecordReader}
     */
    abstract Object of(Schema written, Object datum) throws OtherMeaningException;

    private static long wholeNumber(Schema written, Object datum) throws OtherMeaningException {
        if (datum instanceof Long number) {
            return number;
        }
        if (datum instanceof Integer number) {
            return number;
        }
        throw OtherMeaningException.of(written);
    }

    private static long millis(Schema written, long number) throws OtherMeaningException {
        String logical = logicalType(written);
        if (logical == null) {
            return number;
        }
        if (written.getType() != Schema.Type.LONG) {
            throw OtherMeaningException.of(written);
        }
        return switch (logical) {
            case "timestamp-millis" -> number;
            case "timestamp-micros" -> Math.floorDiv(number, MICROS_A_MILLI);
            case "timestamp-nanos" -> Math.floorDiv(number, NANOS_A_MILLI);
            default -> throw OtherMeaningException.of(written);
        };
    }

    private static long millis(String text) throws OtherMeaningException {
        try {
            return OffsetDateTime.parse(text).toInstant().toEpochMilli();
        } catch (DateTimeException | ArithmeticException e) {
            throw new OtherMeaningException("is " + Excerpt.of(text));
        }
    }

    private static String utf8(byte[] bytes) throws OtherMeaningException {
        try {
            return UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        } catch (CharacterCodingException e) {
            throw new OtherMeaningException("is not UTF-8");
        }
    }

    /** The logical type as the writer names it, known to Avro or not; null without one. */
    private static String logicalType(Schema written) {
        return written.getProp("logicalType");
    }

    private static String typeName(Schema written) {
        String logical = logicalType(written);
        return "type "
                + written.getType().getName()
                + (logical == null ? "" : " (" + Excerpt.printable(logical, 100) + ")");
    }
}
