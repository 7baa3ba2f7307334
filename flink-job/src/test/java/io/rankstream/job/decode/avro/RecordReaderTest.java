package io.rankstream.job.decode.avro;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.rankstream.job.decode.avro.FieldMeaning.OtherMeaningException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a writer meant decides what is read, whatever type it chose. */
class RecordReaderTest {

    private static final long MICROS = 1_700_000_000_123_456L;

    static Stream<Arguments> textsByMeaning() {
        return Stream.of(
                arguments("\"string\"", "ham"),
                arguments("{\"type\": \"string\", \"logicalType\": \"uuid\"}", "ham"),
                arguments("\"bytes\"", UTF_8.encode("ham")),
                arguments("[\"null\", \"string\"]", "ham"),
                arguments("[\"int\", \"bytes\"]", UTF_8.encode("ham")),
                arguments(
                        "{\"type\": \"fixed\", \"name\": \"F\", \"size\": 3}",
                        new GenericData.Fixed(
                                Schema.createFixed("F", null, null, 3), "ham".getBytes(UTF_8))),
                arguments(
                        "{\"type\": \"enum\", \"name\": \"E\", \"symbols\": [\"spam\", \"ham\"]}",
                        new GenericData.EnumSymbol(
                                Schema.createEnum("E", null, null, List.of("spam", "ham")), "ham")),
                arguments(
                        "[\"null\", {\"type\": \"enum\", \"name\": \"E\", \"symbols\": [\"spam\", \"ham\"]}]",
                        new GenericData.EnumSymbol(
                                Schema.createEnum("E", null, null, List.of("spam", "ham")),
                                "ham")));
    }

    @ParameterizedTest
    @MethodSource("textsByMeaning")
    void aTextIsReadFromWhateverHoldsOne(String type, Object datum) {
        assertThat(read(FieldMeaning.TEXT, type, datum)).isEqualTo("ham");
    }

    static Stream<Arguments> times() {
        return Stream.of(
                arguments("\"long\"", 1_700_000_000_123L, 1_700_000_000_123L),
                arguments("\"int\"", 123_456, 123_456L),
                arguments(logical("long", "timestamp-millis"), MICROS / 1_000, MICROS / 1_000),
                arguments(logical("long", "timestamp-micros"), MICROS, MICROS / 1_000),
                arguments(logical("long", "timestamp-micros"), -1L, -1L),
                arguments(logical("long", "timestamp-nanos"), MICROS * 1_000, MICROS / 1_000),
                arguments(logical("long", "timestamp-nanos"), -1L, -1L),
                arguments(
                        "[\"null\", " + logical("long", "timestamp-micros") + "]",
                        MICROS,
                        MICROS / 1_000),
                arguments("\"string\"", "2023-11-14T22:13:20.123456Z", 1_700_000_000_123L),
                arguments("\"string\"", "2023-11-14T23:13:20.123+01:00", 1_700_000_000_123L),
                arguments("\"long\"", -62_135_596_800_000L, -62_135_596_800_000L),
                arguments("\"long\"", 253_402_300_799_999L, 253_402_300_799_999L));
    }

    @ParameterizedTest
    @MethodSource("times")
    void aTimeIsReadInTheUnitThatItsWriterNames(String type, Object datum, long millis) {
        assertThat(read(FieldMeaning.TIME, type, datum)).isEqualTo(millis);
    }

    static Stream<Arguments> noTimes() {
        return Stream.of(
                arguments(
                        logical("long", "local-timestamp-millis"),
                        5L,
                        "long (local-timestamp-millis)"),
                arguments(
                        logical("long", "local-timestamp-micros"),
                        5L,
                        "long (local-timestamp-micros)"),
                arguments(
                        logical("long", "local-timestamp-nanos"),
                        5L,
                        "long (local-timestamp-nanos)"),
                arguments(logical("int", "date"), 5, "int (date)"),
                arguments(logical("int", "time-millis"), 5, "int (time-millis)"),
                arguments(logical("long", "time-micros"), 5L, "long (time-micros)"),
                arguments(logical("long", "timestamp-seconds"), 5L, "long (timestamp-seconds)"),
                arguments("\"double\"", 5.0, "type double"),
                arguments("\"float\"", 5f, "type float"),
                arguments("\"boolean\"", true, "type boolean"),
                arguments("\"string\"", "2023-11-14T22:13:20", "'2023-11-14T22:13:20'"),
                arguments("\"string\"", "yesterday", "'yesterday'"),
                arguments("\"long\"", Long.MAX_VALUE, "9223372036854775807"),
                arguments("\"long\"", Long.MIN_VALUE, "-9223372036854775808"),
                arguments("\"long\"", MICROS, "1700000000123456 of type long"),
                arguments(
                        logical("long", "timestamp-millis"), Long.MAX_VALUE, "(timestamp-millis)"),
                arguments(
                        logical("long", "timestamp-micros"), Long.MAX_VALUE, "(timestamp-micros)"),
                arguments("\"string\"", "+999999999-12-31T23:59:59Z", "'+999999999"));
    }

    @ParameterizedTest
    @MethodSource("noTimes")
    void whatIsNoPointInTimeIsRefusedByName(String type, Object datum, String named) {
        assertThat(problem(FieldMeaning.TIME, type, datum))
                .contains("field 'f' is ", named, "expected a point in time");
    }

    static Stream<Arguments> noTexts() {
        return Stream.of(
                arguments("\"int\"", 5, "type int"),
                arguments("\"long\"", 5L, "type long"),
                arguments("[\"null\", \"string\"]", null, "is null"),
                arguments(
                        "{\"type\": \"bytes\", \"logicalType\": \"decimal\", \"precision\": 4}",
                        ByteBuffer.wrap(new byte[] {5}),
                        "bytes (decimal)"),
                arguments(
                        "\"bytes\"", ByteBuffer.wrap(new byte[] {(byte) 0xC3, 0x28}), "not UTF-8"),
                arguments(
                        "{\"type\": \"array\", \"items\": \"string\"}", List.of("a"), "type array"),
                arguments("{\"type\": \"map\", \"values\": \"string\"}", Map.of(), "type map"));
    }

    @ParameterizedTest
    @MethodSource("noTexts")
    void whatIsNoTextIsRefusedByName(String type, Object datum, String named) {
        assertThat(problem(FieldMeaning.TEXT, type, datum))
                .contains("field 'f' is", named, "expected a text");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"int\"", "\"long\"", "[\"null\", \"int\"]"})
    void aNumberIsReadFromEveryWholeType(String type) {
        Object datum = type.contains("int") ? (Object) 7 : 7L;

        assertThat(read(FieldMeaning.WHOLE_NUMBER, type, datum)).isEqualTo(7L);
    }

    @Property
    void everyNumberIsATimeThatTheCalendarHasOrIsRefused(@ForAll long number) {
        for (String unit : List.of("timestamp-millis", "timestamp-micros", "timestamp-nanos")) {
            Schema schema = new Schema.Parser().parse(logical("long", unit));
            try {
                long millis = (long) FieldMeaning.TIME.of(schema, number);
                assertThat(Instant.ofEpochMilli(millis).toString()).hasSizeLessThan(25);
            } catch (OtherMeaningException e) {
                assertThat(e).hasMessageContaining(unit);
            }
        }
    }

    @Test
    void allThatIsWrongIsNamedAtOnce() {
        Schema writer =
                record(
                        """
                        {"name": "f", "type": "int"},
                        {"name": "other", "type": {"type": "array", "items": "long"}},
                        {"name": "g", "type": ["null", "string"]}
                        """);
        GenericRecord written = new GenericData.Record(writer);
        written.put("f", 5);
        written.put("other", List.of(1L, 2L, 3L));
        List<NeededField> needed =
                List.of(
                        NeededField.required("f", FieldMeaning.TEXT),
                        NeededField.required("g", FieldMeaning.TEXT),
                        NeededField.required("h", FieldMeaning.TIME),
                        NeededField.optional("i", FieldMeaning.TEXT));

        assertThat(problems(writer, needed, bytes(writer, written)))
                .contains("field 'h' is missing", "field 'f' is of type int", "field 'g' is null")
                .doesNotContain("'i'");
    }

    @Test
    void aRecordMayBeABranchOfAUnion() {
        Schema branch = record("{\"name\": \"f\", \"type\": \"string\"}");
        Schema writer = Schema.createUnion(Schema.create(Schema.Type.NULL), branch);
        GenericRecord written = new GenericData.Record(branch);
        written.put("f", "ham");
        List<NeededField> needed = List.of(NeededField.required("f", FieldMeaning.TEXT));

        assertThat(problems(writer, needed, bytes(writer, written))).isEmpty();
        assertThat(problems(writer, needed, bytes(writer, null)))
                .contains("it is of type null, expected a record");
    }

    @Test
    void aFixedLargerThanTheRecordTakesNoMemory() {
        Schema writer =
                record(
                        "{\"name\": \"f\", \"type\": {\"type\": \"fixed\", \"name\": \"F\", \"size\": 2147483639}}");

        assertThat(
                        problems(
                                writer,
                                List.of(NeededField.required("f", FieldMeaning.TEXT)),
                                new byte[] {1}))
                .contains(
                        "field 'f' cannot be read",
                        "2147483639 bytes are expected where 1 are left");
    }

    static Stream<Arguments> impossibleSizes() {
        List<String> lists =
                List.of(
                        "{\"type\": \"array\", \"items\": \"int\"}",
                        "{\"type\": \"map\", \"values\": \"int\"}",
                        "{\"type\": \"array\", \"items\": {\"type\": \"array\", \"items\": \"int\"}}");
        List<long[]> blocks =
                List.of(
                        new long[] {-1, -2},
                        new long[] {-1, -1},
                        new long[] {-1, Integer.MIN_VALUE},
                        new long[] {-1, Long.MIN_VALUE},
                        new long[] {-1, 1_000},
                        new long[] {-1, Long.MAX_VALUE},
                        new long[] {Long.MIN_VALUE, -2},
                        new long[] {Long.MIN_VALUE, 0, 0},
                        new long[] {Long.MAX_VALUE},
                        new long[] {1, 0, -1, -2});
        Stream<Arguments> ofLists =
                lists.stream()
                        .flatMap(type -> blocks.stream().map(block -> arguments(type, block)));
        Stream<Arguments> ofTexts =
                Stream.of("\"bytes\"", "\"string\"")
                        .flatMap(
                                type ->
                                        Stream.of(-1L, -2L, 1_000L, Long.MIN_VALUE, Long.MAX_VALUE)
                                                .map(size -> arguments(type, new long[] {size})));
        return Stream.concat(ofLists, ofTexts);
    }

    @ParameterizedTest
    @MethodSource("impossibleSizes")
    void aSizeThatCannotBeIsRefusedWhereItIsReadAndWhereItIsSkipped(String type, long... sizes) {
        Schema writer = record("{\"name\": \"f\", \"type\": %s}".formatted(type));
        byte[] body = longs(sizes);

        assertRefusedWhereSkippedAndWhereRead(writer, body);
    }

    private static void assertRefusedWhereSkippedAndWhereRead(Schema writer, byte[] body) {
        assertThat(problemsInTime(writer, List.of(), body)).contains("field 'f' cannot be read");
        assertThat(
                        problemsInTime(
                                writer,
                                List.of(NeededField.required("f", FieldMeaning.TEXTS)),
                                body))
                .contains("field 'f' cannot be read");
    }

    @ParameterizedTest
    @ValueSource(strings = {"array", "map"})
    void aListMayBeWrittenInBlocksThatNameTheirSize(String type) {
        boolean isMap = type.equals("map");
        Schema writer =
                record(
                        "{\"name\": \"f\", \"type\": {\"type\": \"%s\", \"%s\": \"int\"}}"
                                .formatted(type, isMap ? "values" : "items"));
        byte[] body =
                isMap ? longs(-2, 4, 0, 7, 0, 8, -1, 2, 0, 7, 0) : longs(-2, 2, 7, 8, 1, 7, 0);

        assertThat(problemsInTime(writer, List.of(), body)).isEmpty();
        assertThat(
                        problemsInTime(
                                writer,
                                List.of(NeededField.required("f", FieldMeaning.TEXT)),
                                body))
                .contains("field 'f' is of type " + type);
    }

    static Stream<Arguments> muchOfNothing() {
        String bush = bush(40);
        return Stream.of(
                arguments(bush, longs()),
                arguments("[\"null\", %s]".formatted(bush), longs(1)),
                arguments("{\"type\": \"array\", \"items\": %s}".formatted(bush), longs(1, 0)),
                arguments("{\"type\": \"map\", \"values\": %s}".formatted(bush), longs(1, 0, 0)),
                arguments("{\"type\": \"array\", \"items\": \"null\"}", longs(1L << 40, 0)),
                arguments("{\"type\": \"array\", \"items\": %s}".formatted(bush(0)), longs(99, 0)),
                arguments(
                        "{\"type\": \"array\", \"items\": {\"type\": \"fixed\", \"name\": \"F\", \"size\": 0}}",
                        longs(1L << 40, 0)));
    }

    @ParameterizedTest
    @MethodSource("muchOfNothing")
    void valuesThatTakeNoBytesAreNotWalkedThroughWithoutEnd(String type, byte[] body) {
        Schema writer = record("{\"name\": \"f\", \"type\": %s}".formatted(type));

        assertRefusedWhereSkippedAndWhereRead(writer, body);
    }

    @Test
    void aRecordMayHaveManyValuesThatTakeNoBytes() {
        Schema writer = record("{\"name\": \"f\", \"type\": %s}".formatted(bush(10)));
        String nulls =
                String.join(
                        ", ", Collections.nCopies(4, "{\"name\": \"n%d\", \"type\": \"null\"}"));
        Schema list =
                record(
                        """
                        {"name": "f", "type": {"type": "array", "items":
                            {"type": "record", "name": "I", "fields": [%s,
                                {"name": "i", "type": "int"}]}}}
                        """
                                .formatted(nulls.formatted(1, 2, 3, 4)));
        long[] items = new long[50_002];
        items[0] = 50_000;

        assertThat(problemsInTime(writer, List.of(), longs())).isEmpty();
        assertThat(problemsInTime(list, List.of(), longs(items))).isEmpty();
    }

    @Property
    void anyBytesAreReadToAnEnd(@ForAll @Size(max = 24) byte[] body) {
        Schema writer =
                record(
                        """
                        {"name": "a", "type": {"type": "array", "items":
                            {"type": "array", "items": ["null", "bytes"]}}},
                        {"name": "m", "type": {"type": "map", "values":
                            {"type": "map", "values": %s}}},
                        {"name": "f", "type": {"type": "array", "items": "string"}}
                        """
                                .formatted(bush(3)));
        for (FieldMeaning meaning : List.of(FieldMeaning.TEXT, FieldMeaning.TEXTS)) {
            // what was found is either of both; that something is found is what counts
            assertThat(problemsInTime(writer, List.of(NeededField.optional("f", meaning)), body))
                    .isNotNull();
        }
    }

    /** A record of two records of two records and so on, which holds nothing in the end. */
    private static String bush(int height) {
        String type = "{\"type\": \"record\", \"name\": \"R0\", \"fields\": []}";
        for (int i = 1; i <= height; i++) {
            type =
                    """
                    {"type": "record", "name": "R%d", "fields": [
                        {"name": "a", "type": %s}, {"name": "b", "type": "R%d"}]}
                    """
                            .formatted(i, type, i - 1);
        }
        return type.replace("\"R", "\"Bush");
    }

    private static byte[] longs(long... numbers) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(bytes, null);
        try {
            for (long number : numbers) {
                encoder.writeLong(number);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /** A loop that never ends is not seen in any other way than by a clock. */
    private static String problemsInTime(Schema writer, List<NeededField> needed, byte[] body) {
        return assertTimeoutPreemptively(
                Duration.ofSeconds(10), () -> problems(writer, needed, body));
    }

    private static String logical(String type, String logicalType) {
        return "{\"type\": \"%s\", \"logicalType\": \"%s\"}".formatted(type, logicalType);
    }

    private static Object read(FieldMeaning meaning, String type, Object datum) {
        Schema writer = record("{\"name\": \"f\", \"type\": %s}".formatted(type));
        GenericRecord written = new GenericData.Record(writer);
        written.put("f", datum);
        Problems problems = new Problems();
        FieldValues values =
                new RecordReader(writer, List.of(NeededField.required("f", meaning)))
                        .read(StrictDecoder.of(bytes(writer, written), 0), problems);
        assertThat(message(problems)).isEmpty();
        return meaning == FieldMeaning.TEXT ? values.text("f") : values.number("f");
    }

    private static String problem(FieldMeaning meaning, String type, Object datum) {
        Schema writer = record("{\"name\": \"f\", \"type\": %s}".formatted(type));
        GenericRecord written = new GenericData.Record(writer);
        written.put("f", datum);
        return problems(
                writer, List.of(NeededField.required("f", meaning)), bytes(writer, written));
    }

    private static String problems(Schema writer, List<NeededField> needed, byte[] body) {
        Problems problems = new Problems();
        new RecordReader(writer, needed).read(StrictDecoder.of(body, 0), problems);
        return message(problems);
    }

    private static String message(Problems problems) {
        return problems.isEmpty() ? "" : problems.refused(null, "").message();
    }

    private static Schema record(String fields) {
        return new Schema.Parser()
                .parse(
                        "{\"type\": \"record\", \"name\": \"R\", \"fields\": [%s]}"
                                .formatted(fields));
    }

    private static byte[] bytes(Schema writer, GenericRecord record) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(bytes, null);
        try {
            new GenericDatumWriter<GenericRecord>(writer, new GenericData()).write(record, encoder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }
}
