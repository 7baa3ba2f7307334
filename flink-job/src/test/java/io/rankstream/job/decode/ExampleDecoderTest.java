package io.rankstream.job.decode;

import static io.rankstream.job.record.Records.SCHEMA_ID;
import static io.rankstream.job.record.Records.framed;
import static io.rankstream.job.record.Records.raw;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.rankstream.adapters.task.Target;
import io.rankstream.job.decode.avro.DecodeResult;
import io.rankstream.job.decode.avro.DecodeResult.Decoded;
import io.rankstream.job.decode.avro.DecodeResult.Refused;
import io.rankstream.job.decode.avro.ManualClock;
import io.rankstream.job.record.DeadLetters;
import io.rankstream.job.record.RawHeader;
import io.rankstream.job.record.RawRecord;
import io.rankstream.job.record.Records;
import io.rankstream.job.record.TargetDatum;
import io.rankstream.job.registry.RegistryException;
import io.rankstream.job.registry.SchemaKey;
import io.rankstream.job.registry.UnknownSchemaException;
import io.rankstream.job.registry.WireFormat;
import io.rankstream.schemas.DeadLetterReason;
import io.rankstream.schemas.LabeledExample;
import io.rankstream.schemas.Prediction;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ExampleDecoderTest {

    private static final int OTHER_ID = 8;

    private final Map<SchemaKey, Schema> schemas =
            new HashMap<>(Map.of(new SchemaKey.Id(SCHEMA_ID), LabeledExample.getClassSchema()));
    private final ExampleDecoder decoder =
            new ExampleDecoder(this::schema, Duration.ofSeconds(60), new ManualClock());

    @Test
    void decodesAnExample() {
        RawRecord raw = raw(Records.valid());

        assertThat(decode(raw))
                .isEqualTo(
                        new Decoded<>(
                                new Example(
                                        "e-1",
                                        "spam",
                                        "Grüße aus 東京 🙂",
                                        Optional.empty(),
                                        new Target.Label("ham"),
                                        1_000_000_007,
                                        raw)));
    }

    @Nested
    class WriterSchema {

        @Test
        void mayHaveMoreFieldsInAnotherOrder() {
            Schema writer =
                    writer(
                            """
                            {"name": "label", "type": "string"},
                            {"name": "source", "type": ["null", "string"]},
                            {"name": "eventTime", "type": "long"},
                            {"name": "tags", "type": {"type": "map", "values": {"type": "array", "items": "bytes"}}},
                            {"name": "text", "type": "string"},
                            {"name": "adapterId", "type": "string"},
                            {"name": "exampleId", "type": "string"},
                            {"name": "weights", "type": {"type": "array", "items": "double"}}
                            """);
            GenericRecord written = filled(writer);
            written.put("source", "imap");
            written.put("tags", Map.of("t", List.of(ByteBuffer.wrap(new byte[] {-1}))));
            written.put("weights", List.of(0.5, 0.25));

            assertThat(decoded(framed(OTHER_ID, writer, written)).text()).isEqualTo("a text");
        }

        static Stream<Arguments> targets() {
            return Stream.of(
                    Arguments.of("\"int\"", 3, new Target.Numeric(3)),
                    Arguments.of("\"long\"", -3L, new Target.Numeric(-3)),
                    Arguments.of("\"float\"", .5f, new Target.Numeric(.5)),
                    Arguments.of("\"double\"", 2.25, new Target.Numeric(2.25)),
                    Arguments.of("[\"null\", \"double\"]", 2.25, new Target.Numeric(2.25)),
                    Arguments.of("[\"string\", \"double\"]", "3.5", new Target.Label("3.5")));
        }

        @ParameterizedTest
        @MethodSource("targets")
        void mayWriteALabelAsANumber(String type, Object written, Target target) {
            Schema writer = examplesWithLabelOf(type);
            GenericRecord example = filled(writer);
            example.put("label", written);

            assertThat(decoded(framed(OTHER_ID, writer, example)).target()).isEqualTo(target);
        }

        @Test
        void mayWriteALabelAsAPartOfTheText() {
            Schema writer =
                    examplesWithLabelOf(
                            """
                            {"type": "record", "name": "Place", "fields": [
                             {"name": "end", "type": "long"},
                             {"name": "source", "type": {"type": "array", "items": "string"}},
                             {"name": "start", "type": "int"}]}\
                            """);
            GenericRecord example = filled(writer);
            GenericRecord place = new GenericData.Record(writer.getField("label").schema());
            place.put("start", 3);
            place.put("end", 9L);
            place.put("source", List.of("annotator"));
            example.put("label", place);

            assertThat(decoded(framed(OTHER_ID, writer, example)).target())
                    .isEqualTo(new Target.Span(3, 9));
        }

        @Test
        void mayWriteALabelAsAList() {
            Schema writer =
                    examplesWithLabelOf(
                            """
                            {"type": "array", "items": [
                             {"type": "enum", "name": "Tag", "symbols": ["LATE", "BROKEN"]},
                             "bytes", "string", "double",
                             {"type": "record", "name": "Entity", "fields": [
                              {"name": "label", "type": ["null", "string"]},
                              {"name": "score", "type": "double"},
                              {"name": "more", "type": {"type": "array", "items": "Entity"}},
                              {"name": "start", "type": "int"},
                              {"name": "end", "type": "int"}]}]}\
                            """);
            Schema items = writer.getField("label").schema().getElementType();
            GenericRecord name = entity(items.getTypes().get(4), 3, 9, "name");
            GenericRecord bare = entity(items.getTypes().get(4), 0, 2, null);
            Object late = new GenericData.EnumSymbol(items.getTypes().get(0), "LATE");

            assertThat(decodedLabel(writer, List.of(name, bare)))
                    .isEqualTo(
                            new Target.Several(
                                    List.of(new Target.Span(0, 2), new Target.Span(3, 9, "name"))));
            assertThat(decodedLabel(writer, List.of("spät", late, UTF_8.encode("kaputt"))))
                    .isEqualTo(
                            new Target.Several(
                                    List.of(
                                            new Target.Label("LATE"),
                                            new Target.Label("kaputt"),
                                            new Target.Label("spät"))));
            assertThat(decodedLabel(writer, List.of())).isEqualTo(new Target.Several(List.of()));
            assertThat(refusedLabel(writer, List.of("late", name)))
                    .contains("field 'label' is a list with labels and spans, expected a label");
            assertThat(refusedLabel(writer, List.of("late", 2.5)))
                    .contains("field 'label' is a list with one of type double");
            assertThat(refusedLabel(writer, List.of(entity(name.getSchema(), -1, 2, null))))
                    .contains("field 'label' has the start -1, which is no place in a text");
            assertThat(refusedLabel(writer, Collections.nCopies(1_001, name)))
                    .contains("field 'label' is a list of 1,001 members");
        }

        @Test
        void mayWriteALabelAsOursDoes() {
            Schema writer =
                    examplesWithLabelOf(
                            LabeledExample.getClassSchema().getField("label").schema().toString());
            Target spans =
                    new Target.Several(
                            List.of(new Target.Span(0, 2), new Target.Span(3, 9, "name")));

            assertThat(decodedLabel(writer, TargetDatum.of(spans))).isEqualTo(spans);
        }

        private Target decodedLabel(Schema writer, Object label) {
            GenericRecord example = filled(writer);
            example.put("label", label);
            return decoded(framed(OTHER_ID, writer, example)).target();
        }

        private String refusedLabel(Schema writer, Object label) {
            GenericRecord example = filled(writer);
            example.put("label", label);
            return refused(framed(OTHER_ID, writer, example)).message();
        }

        private GenericRecord entity(Schema of, int start, int end, String label) {
            GenericRecord entity = new GenericData.Record(of);
            entity.put("start", start);
            entity.put("end", end);
            entity.put("label", label);
            entity.put("score", .5);
            entity.put("more", List.of());
            return entity;
        }

        private Schema examplesWithLabelOf(String type) {
            return writer(
                    """
                    {"name": "exampleId", "type": "string"},
                    {"name": "adapterId", "type": "string"},
                    {"name": "text", "type": "string"},
                    {"name": "label", "type": %s},
                    {"name": "eventTime", "type": "long"}
                    """
                            .formatted(type));
        }

        @Test
        void mayWriteTextsAsBytes() {
            Schema writer = examplesWithTextOf("\"bytes\"");
            GenericRecord written = filled(writer);
            written.put("text", UTF_8.encode("Grüße"));

            assertThat(decoded(framed(OTHER_ID, writer, written)).text()).isEqualTo("Grüße");
        }

        @Test
        void thatIsUnknownIsRefused() {
            assertThat(refused(framed(4242, body -> body.text("e-1"))))
                    .isEqualTo(new Refused<>(DeadLetterReason.UNKNOWN_SCHEMA, "no schema 4242"));
        }

        @Test
        void thatCannotExistIsRefusedWithoutAQuestion() {
            Refused<Example> refused = refused(framed(-1, body -> body.text("e-1")));

            assertThat(refused.reason()).isEqualTo(DeadLetterReason.UNKNOWN_SCHEMA);
            assertThat(refused.message()).contains("schema id -1 is negative");
        }

        @Test
        void thatLacksAFieldIsRefused() {
            Schema writer = writer("{\"name\": \"exampleId\", \"type\": \"string\"}");
            GenericRecord written = filled(writer);

            Refused<Example> refused = refused(framed(OTHER_ID, writer, written));

            assertThat(refused.reason()).isEqualTo(DeadLetterReason.UNDECODABLE);
            assertThat(refused.message())
                    .contains("with schema 8 as a LabeledExample", "field 'adapterId' is missing");
        }

        @Test
        void ofSomethingElseIsRefused() {
            schemas.put(new SchemaKey.Id(OTHER_ID), Prediction.getClassSchema());
            byte[] value =
                    WireFormat.encode(
                            OTHER_ID,
                            new Prediction(
                                    "e-1",
                                    "spam",
                                    "ham",
                                    0.5f,
                                    "ham",
                                    0.7f,
                                    1L,
                                    false,
                                    Instant.EPOCH,
                                    "t",
                                    0,
                                    0L,
                                    1L,
                                    false));

            assertUndecodable(value);
        }

        @Test
        void thatLeavesATextOutIsRefused() {
            Schema writer = examplesWithTextOf("[\"null\", \"string\"]");
            GenericRecord written = filled(writer);
            written.put("text", null);

            assertUndecodable(framed(OTHER_ID, writer, written));
        }
    }

    @Nested
    class Header {

        private static final UUID GUID = UUID.fromString("018f0e4b-1111-7222-8333-123456789abc");

        @Test
        void namesTheSchemaByIdAndTheValueIsTheBodyAlone() {
            RawRecord raw = withHeader(header(0, 4).putInt(SCHEMA_ID), body());

            assertThat(decode(raw)).isInstanceOf(Decoded.class);
            assertThat(DeadLetters.of(raw, DeadLetterReason.EMPTY_TEXT, "").getSchemaId())
                    .isEqualTo(SCHEMA_ID);
        }

        @Test
        void namesTheSchemaByGuid() {
            schemas.put(new SchemaKey.Guid(GUID), LabeledExample.getClassSchema());

            assertThat(decode(withHeader(guid(), body()))).isInstanceOf(Decoded.class);
        }

        @Test
        void ofAGuidThatIsUnknownIsRefusedByName() {
            assertThat(((Refused<Example>) decode(withHeader(guid(), body()))))
                    .isEqualTo(new Refused<>(DeadLetterReason.UNKNOWN_SCHEMA, "no schema " + GUID));
        }

        @Test
        void ofABodyThatIsNoExampleNamesTheGuid() {
            schemas.put(new SchemaKey.Guid(GUID), LabeledExample.getClassSchema());

            assertThat(((Refused<Example>) decode(withHeader(guid(), new byte[] {7}))).message())
                    .contains("with schema " + GUID);
        }

        @Test
        void thatComesLastCounts() {
            RawRecord raw =
                    new RawRecord(
                            "t",
                            0,
                            0,
                            null,
                            body(),
                            List.of(
                                    new RawHeader("__value_schema_id", new byte[] {9}),
                                    new RawHeader("__value_schema_id", new byte[] {0, 0, 0, 0, 7}),
                                    new RawHeader("other", null)),
                            5,
                            TimestampType.CREATE_TIME);

            assertThat(decode(raw)).isInstanceOf(Decoded.class);
        }

        @ParameterizedTest
        @ValueSource(ints = {0, 1, 2, 4, 6, 16, 18})
        void ofAnotherFormIsRefusedByName(int length) {
            for (byte kind = 0; kind < 3; kind++) {
                byte[] header = new byte[length];
                if (length > 0) {
                    header[0] = kind;
                }
                DecodeResult<Example> result =
                        decode(withHeader(ByteBuffer.wrap(header), Records.valid()));

                assertThat(((Refused<Example>) result).reason())
                        .isEqualTo(DeadLetterReason.BAD_MAGIC);
                assertThat(((Refused<Example>) result).message()).contains("__value_schema_id");
            }
        }

        private static ByteBuffer guid() {
            return header(1, 16)
                    .putLong(GUID.getMostSignificantBits())
                    .putLong(GUID.getLeastSignificantBits());
        }

        private static ByteBuffer header(int kind, int length) {
            return ByteBuffer.allocate(1 + length).put((byte) kind);
        }

        private static byte[] body() {
            return Arrays.copyOfRange(
                    Records.valid(), WireFormat.HEADER_BYTES, Records.valid().length);
        }

        private static RawRecord withHeader(ByteBuffer header, byte[] value) {
            byte[] bytes = new byte[header.capacity()];
            header.rewind().get(bytes);
            return new RawRecord(
                    "t",
                    0,
                    0,
                    null,
                    value,
                    List.of(new RawHeader("__value_schema_id", bytes)),
                    5,
                    TimestampType.CREATE_TIME);
        }
    }

    @Nested
    class ExampleId {

        @Test
        void mayHaveAsManyCharactersAsAPredictionHasRoomFor() {
            assertThat(decoded(named("x".repeat(1_024))).id()).hasSize(1_024);
        }

        @Test
        void thatIsLongerIsRefusedAndSoIsAllElseThatIsWrong() {
            LabeledExample example = Records.example();
            example.setExampleId("x".repeat(1_025));
            example.setText(" ");
            example.setAdapterId("../etc");

            Refused<Example> refused = refused(WireFormat.encode(SCHEMA_ID, example));

            assertThat(refused.reason()).isEqualTo(DeadLetterReason.INVALID_ADAPTER_ID);
            assertThat(refused.message())
                    .contains(
                            "adapter id is '../etc'",
                            "has 1,025 characters",
                            "none that can be seen")
                    .hasSizeLessThan(700);
        }

        @Test
        void thatIsLongerNamesTheAdapter() {
            Refused<Example> refused = refused(named("x".repeat(1_048_450)));

            assertThat(refused.reason()).isEqualTo(DeadLetterReason.INVALID_EXAMPLE_ID);
            assertThat(refused.adapterId()).isEqualTo("spam");
        }

        private static byte[] named(String id) {
            LabeledExample example = Records.example();
            example.setExampleId(id);
            return WireFormat.encode(SCHEMA_ID, example);
        }
    }

    @Nested
    class Frame {

        @Test
        void ofATombstoneIsMissing() {
            assertThat(refused(null).reason()).isEqualTo(DeadLetterReason.NULL_VALUE);
        }

        @ParameterizedTest
        @ValueSource(ints = {0, 1, 2, 3, 4})
        void isTruncated(int length) {
            Refused<Example> refused = refused(Arrays.copyOf(Records.valid(), length));

            assertThat(refused.reason()).isEqualTo(DeadLetterReason.TRUNCATED_FRAME);
            assertThat(refused.message()).contains("has " + length + " bytes", "at least the 5");
        }

        @Test
        void hasAWrongMagicByte() {
            Refused<Example> refused = refused("{\"text\": \"json\"}".getBytes(UTF_8));

            assertThat(refused.reason()).isEqualTo(DeadLetterReason.BAD_MAGIC);
            assertThat(refused.message()).contains("byte 0x7b, expected 0x00");
        }
    }

    @Nested
    class Body {

        @Test
        void isCutAnywhere() {
            byte[] valid = Records.valid();

            for (int length = WireFormat.HEADER_BYTES; length < valid.length; length++) {
                assertUndecodable(Arrays.copyOf(valid, length));
            }
        }

        @Test
        void hasTrailingBytes() {
            byte[] valid = Records.valid();

            Refused<Example> refused = refused(Arrays.copyOf(valid, valid.length + 3));

            assertThat(refused.reason()).isEqualTo(DeadLetterReason.UNDECODABLE);
            assertThat(refused.message()).contains("3 bytes follow its end");
        }

        @Test
        void thatIsCorruptDoesNotHarmTheNextRecord() {
            for (int i = 0; i < 3; i++) {
                assertUndecodable(Arrays.copyOf(Records.valid(), 12 + i));

                assertThat(decoded(Records.valid()).id()).isEqualTo("e-1");
            }
        }

        @Test
        void isNotUtf8() {
            Refused<Example> refused =
                    refused(
                            framed(
                                    SCHEMA_ID,
                                    body ->
                                            body.text("e-1")
                                                    .text("spam")
                                                    .number(2)
                                                    .append((byte) 0xC3, (byte) 0x28)
                                                    .text("ham")
                                                    .number(0)));

            assertThat(refused.reason()).isEqualTo(DeadLetterReason.UNDECODABLE);
            assertThat(refused.message()).contains("field 'text' is not UTF-8");
        }

        @Test
        void isNotUtf8InBytesThatStandForAText() {
            Schema writer = examplesWithTextOf("\"bytes\"");
            GenericRecord written = filled(writer);
            written.put("text", ByteBuffer.wrap(new byte[] {(byte) 0xC3, 0x28}));

            assertThat(refused(framed(OTHER_ID, writer, written)).message())
                    .contains("field 'text' is not UTF-8");
        }

        @ParameterizedTest
        @ValueSource(
                longs = {Integer.MAX_VALUE, Integer.MAX_VALUE - 8, 1L << 40, -1, Long.MIN_VALUE})
        void claimsALengthThatItDoesNotHave(long length) {
            byte[] hostile = framed(SCHEMA_ID, body -> body.number(length).append((byte) 'x'));

            assertThat(allocatedBy(() -> assertUndecodable(hostile))).isLessThan(1_000_000);
        }

        @Test
        void claimsALengthThatItDoesNotHaveInAFieldThatIsSkipped() {
            writer(
                    """
                    {"name": "skipped", "type": "bytes"},
                    {"name": "exampleId", "type": "string"},
                    {"name": "adapterId", "type": "string"},
                    {"name": "text", "type": "string"},
                    {"name": "label", "type": "string"},
                    {"name": "eventTime", "type": "long"}
                    """);
            byte[] hostile =
                    framed(OTHER_ID, body -> body.number(Integer.MAX_VALUE - 8).append((byte) 'x'));

            assertThat(allocatedBy(() -> assertUndecodable(hostile))).isLessThan(1_000_000);
        }

        @Test
        void claimsMoreItemsThanItHasBytes() {
            writer(
                    """
                    {"name": "skipped", "type": {"type": "array", "items": "null"}},
                    {"name": "exampleId", "type": "string"},
                    {"name": "adapterId", "type": "string"},
                    {"name": "text", "type": "string"},
                    {"name": "label", "type": "string"},
                    {"name": "eventTime", "type": "long"}
                    """);

            Refused<Example> refused =
                    refused(framed(OTHER_ID, body -> body.number(1L << 60).number(1L << 60)));

            assertThat(refused.message()).contains("more items than the record has bytes");
        }

        @Test
        void nestsWithoutEnd() {
            writer(
                    """
                    {"name": "skipped", "type": {"type": "record", "name": "Node", "fields": [
                      {"name": "next", "type": ["null", "Node"]}]}},
                    {"name": "exampleId", "type": "string"},
                    {"name": "adapterId", "type": "string"},
                    {"name": "text", "type": "string"},
                    {"name": "label", "type": "string"},
                    {"name": "eventTime", "type": "long"}
                    """);
            byte[] hostile = new byte[1_000_000];
            Arrays.fill(hostile, (byte) 2); // index 1 of the union, over and over
            hostile[0] = WireFormat.MAGIC;
            hostile[1] = 0;
            hostile[2] = 0;
            hostile[3] = 0;
            hostile[4] = OTHER_ID;

            assertUndecodable(hostile);
        }
    }

    @Nested
    class AdapterId {

        @ParameterizedTest
        @ValueSource(strings = {"", "../etc", "a/b", "a b", "..", "-a", "a..b", "é", "a\n"})
        void thatWouldBeNoSafeFileNameIsRefused(String id) {
            Refused<Example> refused = refused(addressedTo(id));

            assertThat(refused.reason()).isEqualTo(DeadLetterReason.INVALID_ADAPTER_ID);
            assertThat(refused.message()).contains("expected 1 to 64 letters");
        }

        @Test
        void isCutInTheMessage() {
            assertThat(refused(addressedTo("x".repeat(100_000))).message()).hasSizeLessThan(400);
        }

        private byte[] addressedTo(String adapterId) {
            LabeledExample example = Records.example();
            example.setAdapterId(adapterId);
            return WireFormat.encode(SCHEMA_ID, example);
        }
    }

    @Property
    void anyBodyHasAResult(@ForAll @Size(max = 60) byte[] body) {
        byte[] value = framed(SCHEMA_ID, frame -> frame.append(body));

        assertThat(decode(raw(value))).isNotNull();
    }

    @Property
    void anyValueHasAResult(@ForAll @Size(max = 20) byte[] value) {
        assertThat(decode(raw(value))).isNotNull();
    }

    @Property
    void anyDamageHasAResult(
            @ForAll @IntRange(min = WireFormat.HEADER_BYTES, max = 40) int at,
            @ForAll byte replacement) {
        byte[] value = Records.valid();
        value[at] = replacement;

        assertThat(decode(raw(value))).isNotNull();
        assertThat(decoded(Records.valid()).id()).isEqualTo("e-1");
    }

    private Schema examplesWithTextOf(String type) {
        return writer(
                """
                {"name": "exampleId", "type": "string"},
                {"name": "adapterId", "type": "string"},
                {"name": "text", "type": %s},
                {"name": "label", "type": "string"},
                {"name": "eventTime", "type": "long"}
                """
                        .formatted(type));
    }

    /** Schema with these fields; producers write with it as {@link #OTHER_ID}. */
    private Schema writer(String fields) {
        Schema writer =
                new Schema.Parser()
                        .parse(
                                """
                                {"type": "record", "name": "LabeledExample",
                                 "namespace": "io.rankstream.schemas", "fields": [%s]}
                                """
                                        .formatted(fields));
        schemas.put(new SchemaKey.Id(OTHER_ID), writer);
        return writer;
    }

    private static GenericRecord filled(Schema writer) {
        GenericRecord written = new GenericData.Record(writer);
        Map<String, Object> values =
                Map.of(
                        "exampleId", "e-2",
                        "adapterId", "spam",
                        "text", "a text",
                        "label", "ham",
                        "eventTime", 5L);
        for (Schema.Field field : writer.getFields()) {
            written.put(field.pos(), values.get(field.name()));
        }
        return written;
    }

    private void assertUndecodable(byte[] value) {
        assertThat(refused(value).reason()).isEqualTo(DeadLetterReason.UNDECODABLE);
    }

    private Example decoded(byte[] value) {
        DecodeResult<Example> result = decode(raw(value));
        assertThat(result).isInstanceOf(Decoded.class);
        return ((Decoded<Example>) result).value();
    }

    private Refused<Example> refused(byte[] value) {
        DecodeResult<Example> result = decode(raw(value));
        assertThat(result).isInstanceOf(Refused.class);
        return (Refused<Example>) result;
    }

    private DecodeResult<Example> decode(RawRecord raw) {
        try {
            return decoder.decode(raw);
        } catch (RegistryException | InterruptedException e) {
            throw new AssertionError("the schemas are in memory", e);
        }
    }

    private Schema schema(SchemaKey key) throws UnknownSchemaException {
        Schema schema = schemas.get(key);
        if (schema == null) {
            throw new UnknownSchemaException("no " + key);
        }
        return schema;
    }

    private static long allocatedBy(Runnable action) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        action.run();
        return threads.getCurrentThreadAllocatedBytes() - before;
    }
}
