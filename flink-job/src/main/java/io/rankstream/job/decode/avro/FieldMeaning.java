package io.rankstream.job.decode.avro;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.rankstream.adapters.task.Target;
import io.rankstream.adapters.text.Excerpt;
import io.rankstream.job.input.GivenPrediction;
import io.rankstream.job.input.LabelProbabilities;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.avro.Schema;

/**
 * What a field is read as. The type and the logical type that its writer gave it decide what was
 * meant: it is converted by that, or is refused.
 */
public enum FieldMeaning {

    /** A {@link String}. */
    TEXT("a text (string, enum, or bytes in UTF-8)") {
        @Override
        boolean reads(Schema written) {
            return switch (written.getType()) {
                case STRING, ENUM -> true;
                case BYTES, FIXED -> logicalType(written) == null;
                default -> false;
            };
        }

        @Override
        Object convert(Schema written, Object datum) throws OtherMeaningException {
            return datum instanceof byte[] bytes ? utf8(bytes) : datum;
        }
    },

    /** A {@link Target}: the name of a label, a number, a part of the text, or a list. */
    TARGET(
            "a label (string, enum, or bytes in UTF-8), a number, a record of start, end and, where"
                    + " it has one, label, or a list of at most "
                    + Target.Several.MOST_GIVEN
                    + " labels or such records") {
        @Override
        boolean reads(Schema written) {
            return switch (written.getType()) {
                case INT, LONG, FLOAT, DOUBLE -> logicalType(written) == null;
                case ARRAY -> readsSomeMember(written.getElementType());
                default -> readsMember(written);
            };
        }

        @Override
        Set<String> parts() {
            return Set.of("start", "end", "label");
        }

        private boolean readsSomeMember(Schema written) {
            return written.getType() == Schema.Type.UNION
                    ? written.getTypes().stream().anyMatch(this::readsMember)
                    : readsMember(written);
        }

        private boolean readsMember(Schema written) {
            return written.getType() == Schema.Type.RECORD
                    ? isWhole(written, "start")
                            && isWhole(written, "end")
                            && mayBeNamed(written.getField("label"))
                    : TEXT.reads(written);
        }

        private boolean isWhole(Schema written, String name) {
            Schema.Field field = written.getField(name);
            return field != null && WHOLE_NUMBER.reads(field.schema());
        }

        private boolean mayBeNamed(Schema.Field label) {
            return label == null || TEXT.readsSome(label.schema());
        }

        @Override
        Object convert(Schema written, Object datum) throws OtherMeaningException {
            if (datum instanceof Number number) {
                return new Target.Numeric(number.doubleValue());
            }
            return datum instanceof List<?> items ? several(items) : member(written, datum);
        }

        private Target several(List<?> items) throws OtherMeaningException {
            if (items.size() > Target.Several.MOST_GIVEN) {
                throw new OtherMeaningException("is a list of %,d members".formatted(items.size()));
            }
            List<Target> members = new ArrayList<>();
            for (Object each : items) {
                RecordReader.Item item = (RecordReader.Item) each;
                if (!readsMember(item.written())) {
                    throw new OtherMeaningException(
                            "is a list with one of " + typeName(item.written()));
                }
                members.add(member(item.written(), item.datum()));
            }
            Optional<String> mixture = Target.Several.mixture(members);
            if (mixture.isPresent()) {
                throw new OtherMeaningException("is a list with " + mixture.get());
            }
            return new Target.Several(members);
        }

        private Target member(Schema written, Object datum) throws OtherMeaningException {
            return datum instanceof Map<?, ?> parts
                    ? new Target.Span(
                            character(parts, "start"), character(parts, "end"), label(parts))
                    : new Target.Label((String) TEXT.convert(written, datum));
        }

        private int character(Map<?, ?> parts, String name) throws OtherMeaningException {
            RecordReader.Item part = (RecordReader.Item) parts.get(name);
            long place = ((Number) part.datum()).longValue();
            if (place < 0 || place > Integer.MAX_VALUE) {
                throw new OtherMeaningException(
                        "has the %s %d, which is no place in a text".formatted(name, place));
            }
            return (int) place;
        }

        private Optional<String> label(Map<?, ?> parts) throws OtherMeaningException {
            RecordReader.Item part = (RecordReader.Item) parts.get("label");
            return part == null || part.written().getType() == Schema.Type.NULL
                    ? Optional.empty()
                    : Optional.of((String) TEXT.of(part.written(), part.datum()));
        }
    },

    /** A {@link List} of {@link String}. */
    TEXTS("a list of texts") {
        @Override
        boolean reads(Schema written) {
            return written.getType() == Schema.Type.ARRAY
                    && TEXT.readsSome(written.getElementType());
        }

        @Override
        Object convert(Schema written, Object datum) throws OtherMeaningException {
            List<Object> texts = new ArrayList<>();
            for (Object each : (List<?>) datum) {
                RecordReader.Item item = (RecordReader.Item) each;
                texts.add(TEXT.of(item.written(), item.datum()));
            }
            return texts;
        }
    },

    /** A {@link Map} of {@link String} to {@link String}, in the order in which it was written. */
    NAMED_TEXTS("a map of texts") {
        @Override
        boolean reads(Schema written) {
            return written.getType() == Schema.Type.MAP && TEXT.readsSome(written.getValueType());
        }

        @Override
        Object convert(Schema written, Object datum) throws OtherMeaningException {
            Map<Object, Object> texts = new LinkedHashMap<>();
            for (Map.Entry<?, ?> each : ((Map<?, ?>) datum).entrySet()) {
                RecordReader.Item item = (RecordReader.Item) each.getValue();
                texts.put(each.getKey(), TEXT.of(item.written(), item.datum()));
            }
            return texts;
        }
    },

    /** A {@link GivenPrediction}. */
    GIVEN_PREDICTION("a record of " + GivenPrediction.RULE) {
        @Override
        boolean reads(Schema written) {
            return written.getType() == Schema.Type.RECORD
                    && isPart(written, "version", Schema.Type.STRING)
                    && isPart(written, "labels", Schema.Type.ARRAY)
                    && TEXTS.reads(written.getField("labels").schema())
                    && isPart(written, "probabilities", Schema.Type.ARRAY)
                    && isNumber(written.getField("probabilities").schema().getElementType());
        }

        @Override
        Set<String> parts() {
            return Set.of("version", "labels", "probabilities");
        }

        private boolean isPart(Schema written, String name, Schema.Type type) {
            Schema.Field field = written.getField(name);
            return field != null && field.schema().getType() == type;
        }

        private boolean isNumber(Schema written) {
            return written.getType() == Schema.Type.FLOAT
                    || written.getType() == Schema.Type.DOUBLE;
        }

        @Override
        Object convert(Schema written, Object datum) throws OtherMeaningException {
            Map<?, ?> parts = (Map<?, ?>) datum;
            List<String> labels = new ArrayList<>();
            for (Object each : (List<?>) part(parts, "labels")) {
                RecordReader.Item item = (RecordReader.Item) each;
                labels.add((String) TEXT.of(item.written(), item.datum()));
            }
            String version = (String) part(parts, "version");
            List<Number> probabilities = new ArrayList<>();
            for (Object each : (List<?>) part(parts, "probabilities")) {
                probabilities.add((Number) ((RecordReader.Item) each).datum());
            }
            Optional<String> flaw = GivenPrediction.flaw(version, labels, probabilities);
            if (flaw.isPresent()) {
                throw new OtherMeaningException(flaw.get());
            }
            float[] values = new float[probabilities.size()];
            for (int i = 0; i < values.length; i++) {
                values[i] = probabilities.get(i).floatValue();
            }
            return new GivenPrediction(version, new LabelProbabilities(labels, values));
        }

        private Object part(Map<?, ?> parts, String name) {
            return ((RecordReader.Item) parts.get(name)).datum();
        }
    },

    /** A {@link Long}: milliseconds since the epoch, within the years 1 to 9999. */
    TIME(
            "a point in time (timestamp-millis, timestamp-micros, timestamp-nanos, a number of"
                    + " milliseconds since the epoch, or an ISO 8601 text with a time zone) in the"
                    + " years 1 to 9999") {
        @Override
        boolean reads(Schema written) {
            String logical = logicalType(written);
            return switch (written.getType()) {
                case STRING -> true;
                case INT -> logical == null;
                case LONG -> logical == null || UNITS_A_MILLI.containsKey(logical);
                default -> false;
            };
        }

        @Override
        Object convert(Schema written, Object datum) throws OtherMeaningException {
            long millis =
                    datum instanceof String text
                            ? millis(text)
                            : Math.floorDiv(
                                    ((Number) datum).longValue(),
                                    UNITS_A_MILLI.getOrDefault(
                                            String.valueOf(logicalType(written)), 1L));
            if (!isTime(millis)) {
                throw new OtherMeaningException("is %s of %s".formatted(datum, typeName(written)));
            }
            return millis;
        }
    },

    /** A {@link Long}. */
    WHOLE_NUMBER("a whole number (int or long)") {
        @Override
        boolean reads(Schema written) {
            return switch (written.getType()) {
                case INT, LONG -> logicalType(written) == null;
                default -> false;
            };
        }

        @Override
        Object convert(Schema written, Object datum) {
            return ((Number) datum).longValue();
        }
    },

    /** A {@link Boolean}. */
    FLAG("true or false (boolean)") {
        @Override
        boolean reads(Schema written) {
            return written.getType() == Schema.Type.BOOLEAN;
        }

        @Override
        Object convert(Schema written, Object datum) {
            return datum;
        }
    };

    private static final long FIRST_MILLI = Instant.parse("0001-01-01T00:00:00Z").toEpochMilli();
    private static final long LAST_MILLI = Instant.parse("9999-12-31T23:59:59.999Z").toEpochMilli();

    /** Logical types of a point in time. */
    private static final Map<String, Long> UNITS_A_MILLI =
            Map.of(
                    "timestamp-millis",
                    1L,
                    "timestamp-micros",
                    1_000L,
                    "timestamp-nanos",
                    1_000_000L);

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
    }

    /** Whether milliseconds since the epoch are a time within the years 1 to 9999. */
    public static boolean isTime(long millis) {
        return millis >= FIRST_MILLI && millis <= LAST_MILLI;
    }

    /** What a field of this meaning may be, for messages. */
    String expected() {
        return expected;
    }

    /** Fields of a record that are read where one can mean this. */
    Set<String> parts() {
        return Set.of();
    }

    /** Whether a value of {@code written}, no union, can mean this. */
    abstract boolean reads(Schema written);

    /** Whether some values of {@code written} can mean this. */
    public boolean readsSome(Schema written) {
        return written.getType() == Schema.Type.UNION
                ? written.getTypes().stream().anyMatch(this::reads)
                : reads(written);
    }

    /**
     * The value that was meant.
     *
     * @param written the writer's schema of the value, no union
     * @param datum the value without its logical type, of {@link RecordReader}
     */
    Object of(Schema written, Object datum) throws OtherMeaningException {
        if (!reads(written)) {
            throw new OtherMeaningException("is of " + typeName(written));
        }
        return convert(written, datum);
    }

    /** Value of a datum whose type can mean this. */
    abstract Object convert(Schema written, Object datum) throws OtherMeaningException;

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

    public static String typeName(Schema written) {
        String logical = logicalType(written);
        return "type "
                + written.getType().getName()
                + (logical == null ? "" : " (" + Excerpt.printable(logical, 100) + ")");
    }
}
