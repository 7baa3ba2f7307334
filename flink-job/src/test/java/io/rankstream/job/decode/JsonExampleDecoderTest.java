package io.rankstream.job.decode;

import static org.assertj.core.api.Assertions.assertThat;

import io.rankstream.adapters.task.Target;
import io.rankstream.job.decode.avro.DecodeResult;
import io.rankstream.job.decode.avro.DecodeResult.Decoded;
import io.rankstream.job.decode.avro.DecodeResult.Refused;
import io.rankstream.job.mapping.JsonMapping;
import io.rankstream.job.record.RawRecord;
import io.rankstream.schemas.DeadLetterReason;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonExampleDecoderTest {

    private static final long RECORD_TIME = 1_714_816_800_000L;

    @Test
    void readsAnExampleWithItsRecord() {
        RawRecord raw =
                raw(
                        """
                        {"exampleId": 7, "adapterId": "acme", "text": "Hello", "label": true,
                         "eventTime": "2026-05-04T10:00:00Z"}
                        """);

        assertThat(decode(raw))
                .isEqualTo(
                        new Decoded<>(
                                new Example(
                                        "7",
                                        "acme",
                                        "Hello",
                                        Optional.empty(),
                                        new Target.Label("true"),
                                        1_777_888_800_000L,
                                        raw)));
    }

    static Stream<Arguments> labels() {
        return Stream.of(
                Arguments.of("\"3.5\"", new Target.Label("3.5")),
                Arguments.of("3.5", new Target.Numeric(3.5)),
                Arguments.of("-2", new Target.Numeric(-2)),
                Arguments.of("1e999", new Target.Numeric(Double.POSITIVE_INFINITY)),
                Arguments.of("{\"start\": 3, \"end\": 9}", new Target.Span(3, 9)),
                Arguments.of(
                        "{\"label\": \"name\", \"end\": 9, \"start\": 3}",
                        new Target.Span(3, 9, "name")),
                Arguments.of("{\"start\": 3, \"end\": 9, \"label\": null}", new Target.Span(3, 9)),
                Arguments.of("[]", new Target.Several(List.of())),
                Arguments.of(
                        "[\"late\", \"broken\"]",
                        new Target.Several(
                                List.of(new Target.Label("broken"), new Target.Label("late")))),
                Arguments.of(
                        "[{\"start\": 3, \"end\": 9}, {\"start\": 0, \"end\": 2, \"label\": \"name\"}]",
                        new Target.Several(
                                List.of(new Target.Span(0, 2, "name"), new Target.Span(3, 9)))),
                Arguments.of(
                        "[[3, 9, \"town\"], [0, 2, \"name\"], [10, 12]]",
                        new Target.Several(
                                List.of(
                                        new Target.Span(0, 2, "name"),
                                        new Target.Span(3, 9, "town"),
                                        new Target.Span(10, 12)))));
    }

    @ParameterizedTest
    @MethodSource("labels")
    void takesALabelForWhatItIs(String written, Target target) {
        assertThat(decode(raw(labeled(written))))
                .isInstanceOfSatisfying(
                        Decoded.class,
                        decoded ->
                                assertThat(((Example) decoded.value()).target()).isEqualTo(target));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[1]",
                "[\"ham\", 1]",
                "[\"ham\", true]",
                "[\"ham\", null]",
                "[\"ham\", {\"start\": 3, \"end\": 9}]",
                "[\"\\ud800\"]",
                "[[3]]",
                "[[3, 9, \"name\", 1]]",
                "[[3, 9, 7]]",
                "[3, 9, \"name\"]",
                "[[[3, 9]]]",
                "[{\"start\": 3}]",
                "{\"start\": 3, \"end\": 9, \"label\": 7}",
                "{\"start\": 3, \"end\": 9, \"label\": [\"a\"]}",
                "{}",
                "{\"start\": 3}",
                "{\"start\": -3, \"end\": 9}",
                "{\"start\": 3, \"end\": 9.5}",
                "{\"start\": 3, \"end\": 9, \"more\": 1}",
                "{\"start\": 3, \"start\": 3, \"end\": 9}"
            })
    void refusesALabelThatIsNoTarget(String written) {
        assertThat(decode(raw(labeled(written))))
                .isInstanceOfSatisfying(
                        Refused.class, refused -> assertThat(refused.message()).contains("label"));
    }

    @Test
    void saysWhatIsWrongInAList() {
        assertThat(decode(raw(labeled("[\"ham\", {\"start\": 3, \"end\": 9}]"))))
                .isInstanceOfSatisfying(
                        Refused.class,
                        refused ->
                                assertThat(refused.message())
                                        .contains(
                                                "label is a list with labels and spans, expected a text"));
        String many = "\"a\", ".repeat(1_000) + "\"a\"";
        assertThat(decode(raw(labeled("[" + many + "]"))))
                .isInstanceOfSatisfying(
                        Refused.class,
                        refused ->
                                assertThat(refused.message())
                                        .contains("label is a list with 1,001 members"));
    }

    @Test
    void goesOnBehindALabelThatIsNoTarget() {
        String document = labeled("[{\"start\": {\"x\": [1]}}, [[2]], 3]").replace("acme", "../x");

        assertThat(decode(raw(document)))
                .isInstanceOfSatisfying(
                        Refused.class,
                        refused ->
                                assertThat(refused.message()).contains("label is a list", "../x"));
    }

    @Test
    void takesASecondText() {
        String document = labeled("\"ham\"").replace("}", ", \"textPair\": \"and a second\"}");

        assertThat(decode(raw(document)))
                .isInstanceOfSatisfying(
                        Decoded.class,
                        decoded ->
                                assertThat(((Example) decoded.value()).pair())
                                        .contains("and a second"));
    }

    private static String labeled(String label) {
        return """
        {"exampleId": "7", "adapterId": "acme", "text": "Hello", "label": %s}\
        """
                .formatted(label);
    }

    @Test
    void takesTheTimeOfItsRecordWhereTheDocumentHasNone() {
        Decoded<Example> decoded =
                (Decoded<Example>) decode(raw(document("t1", "acme", "Hello", "ham")));

        assertThat(decoded.value().eventTime()).isEqualTo(RECORD_TIME);
    }

    /** What is joined and learned later is read by the same rule. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "+10000-01-01T00:00:00Z",
                "+292278994-08-17T07:12:55.807Z",
                "0000-12-31T23:59:59.999Z",
                "-0001-01-01T00:00:00Z"
            })
    void refusesATimeThatIsNotInTheYears1To9999(String time) {
        String document =
                document("t1", "acme", "Hello", "ham")
                        .replace("}", ",\"eventTime\":\"" + time + "\"}");

        assertThat(decode(raw(document)))
                .isInstanceOfSatisfying(
                        Refused.class,
                        refused ->
                                assertThat(refused.message())
                                        .contains("eventTime is ")
                                        .contains("expected a point in time in the years 1 to"));
    }

    @ParameterizedTest
    @ValueSource(longs = {Long.MAX_VALUE, 253_402_300_800_000L, -62_135_596_800_001L})
    void refusesSuchATimeOfTheRecordToo(long time) {
        assertThat(decode(raw(document("t1", "acme", "Hello", "ham"), time)))
                .isInstanceOf(Refused.class);
    }

    @ParameterizedTest
    @ValueSource(longs = {253_402_300_799_999L, -62_135_596_800_000L})
    void takesTheFirstAndTheLastTimeThereIs(long time) {
        assertThat(decode(raw(document("t1", "acme", "Hello", "ham"), time)))
                .isInstanceOf(Decoded.class);
    }

    @Test
    void refusesAnExampleWithoutAnyTime() {
        byte[] value = document("t1", "acme", "Hello", "ham").getBytes(StandardCharsets.UTF_8);

        assertThat(decode(new RawRecord("tickets", 3, 17, null, value)))
                .isEqualTo(
                        new Refused<>(
                                "acme",
                                DeadLetterReason.UNDECODABLE,
                                "the value is no labeled example: eventTime is missing, and the"
                                        + " record has no time of its own"));
    }

    @Test
    void refusesATombstone() {
        assertThat(decode(new RawRecord("tickets", 3, 17, null, null)))
                .isEqualTo(
                        new Refused<>(
                                DeadLetterReason.NULL_VALUE,
                                "the value is null, expected a JSON object"));
    }

    @Test
    void namesAllThatIsWrongAtOnce() {
        Refused<Example> refused =
                (Refused<Example>)
                        decode(
                                raw(
                                        document("x".repeat(2_000), "../etc", " ", "ham")
                                                .replace("\"ham\"", "[1]")));

        assertThat(refused.adapterId()).isNull();
        assertThat(refused.reason()).isEqualTo(DeadLetterReason.UNDECODABLE);
        assertThat(refused.message())
                .startsWith(
                        "the value is no labeled example: label is a list with a number, expected a text")
                .contains("adapter id is '../etc'")
                .contains("has 2,000 characters, expected at most 1,024 characters")
                .contains("none that can be seen");
    }

    @Test
    void hasTheReasonsOfAvro() {
        assertThat(decode(raw(document("t1", "../etc", "Hello", "ham"))))
                .isInstanceOfSatisfying(
                        Refused.class,
                        refused ->
                                assertThat(refused.reason())
                                        .isEqualTo(DeadLetterReason.INVALID_ADAPTER_ID));
        assertThat(decode(raw(document("x".repeat(1_025), "acme", "Hello", "ham"))))
                .isInstanceOfSatisfying(
                        Refused.class,
                        refused ->
                                assertThat(refused.reason())
                                        .isEqualTo(DeadLetterReason.INVALID_EXAMPLE_ID));
    }

    @Property
    void noBytesMakeItFail(@ForAll byte[] value) {
        assertThat(decode(new RawRecord("tickets", 3, 17, null, value)))
                .isInstanceOf(Refused.class);
    }

    private static DecodeResult<Example> decode(RawRecord raw) {
        return new JsonExampleDecoder(JsonMapping.ofOwnNames()).decode(raw);
    }

    private static RawRecord raw(String document) {
        return raw(document, RECORD_TIME);
    }

    private static RawRecord raw(String document, long time) {
        return new RawRecord(
                "tickets",
                3,
                17,
                null,
                document.getBytes(StandardCharsets.UTF_8),
                List.of(),
                time,
                TimestampType.CREATE_TIME);
    }

    private static String document(String id, String adapter, String text, String label) {
        return "{\"exampleId\":\"%s\",\"adapterId\":\"%s\",\"text\":\"%s\",\"label\":\"%s\"}"
                .formatted(id, adapter, text, label);
    }
}
