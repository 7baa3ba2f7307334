package io.rankstream.job.mapping;

import static io.rankstream.job.mapping.ExampleField.ADAPTER_ID;
import static io.rankstream.job.mapping.ExampleField.EXAMPLE_ID;
import static io.rankstream.job.mapping.ExampleField.LABEL;
import static io.rankstream.job.mapping.ExampleField.TEXT;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonDocumentsTest {

    private static final String PLACE = "tickets-0-17";

    private static final JsonMapping TICKETS =
            JsonMapping.parse(
                    "exampleId=ticket,adapterId=customer,text=body.text,label=category,eventTime=at");

    @Test
    void findsFieldsWhereverTheMappingSays() {
        MappedJson read =
                read(
                        "exampleId=/a.b/0,adapterId=who[1][0],text=m~/n.0,label=/~1~0",
                        """
                        {"a.b": ["t1"], "who": [null, ["acme"]], "m~/n": ["Hello"], "/~": "ham", "x": {"y": []}}
                        """);

        assertThat(read.problems()).isEmpty();
        assertThat(read.fields())
                .containsExactlyInAnyOrderEntriesOf(
                        Map.of(EXAMPLE_ID, "t1", ADAPTER_ID, "acme", TEXT, "Hello", LABEL, "ham"));
        assertThat(read.eventTime()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"1.10, 1.10", "1e2, 1e2", "-0, -0", "true, true", "false, false", "'\"x\"', x"})
    void takesNumbersAndTruthValuesAsTheyAreWritten(String written, String label) {
        assertThat(read("", document("label", written)).get(LABEL)).isEqualTo(label);
    }

    @Test
    void keepsTheDigitsOfAHugeNumber() {
        String digits = "9".repeat(900);

        assertThat(read("", document("exampleId", digits)).get(EXAMPLE_ID)).isEqualTo(digits);
    }

    @Test
    void namesEveryFieldThatIsWrongAtOnce() {
        MappedJson read =
                new JsonDocuments(TICKETS)
                        .read(
                                utf8(
                                        """
                                        {"ticket": null, "customer": {"id": 1}, "body": {"text": ["a"]}, "at": "yesterday"}
                                        """),
                                PLACE);

        assertThat(read.problems())
                .containsExactly(
                        "exampleId (at ticket) is missing or null",
                        "adapterId (at customer) is an object, expected a text, a number or a truth value",
                        "text (at body.text) is a list, expected a text, a number or a truth value",
                        "label (at category) is missing or null",
                        "eventTime (at at) is 'yesterday', expected ISO-8601 with an offset, such as"
                                + " 2026-05-04T10:00:00Z; for numbers the mapping names their unit in"
                                + " eventTimeUnit (seconds, millis, micros or nanos)");
    }

    @Test
    void putsDefaultsWhereFieldsAreMissingOrNull() {
        MappedJson read =
                read(
                        "defaults.exampleId=topic-partition-offset,defaults.adapterId=acme,defaults.label=ham",
                        "{\"adapterId\": null, \"text\": \"Hello\"}");

        assertThat(read.problems()).isEmpty();
        assertThat(read.fields())
                .containsExactlyInAnyOrderEntriesOf(
                        Map.of(EXAMPLE_ID, PLACE, ADAPTER_ID, "acme", TEXT, "Hello", LABEL, "ham"));
    }

    /** What is there, but wrong, is not replaced by a default. */
    @Test
    void doesNotHideAWrongFieldBehindADefault() {
        assertThat(read("defaults.label=ham", document("label", "{}")).problems())
                .singleElement()
                .asString()
                .startsWith("label is an object");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'label':'ham','label':'ham'}",
                "{'label':'ham','label':{}}",
                "{'label':{},'label':'ham'}",
                "{'label':null,'label':'ham'}"
            })
    void refusesAFieldThatStandsThereTwice(String document) {
        assertThat(read("", document.replace('\'', '"')).problems())
                .contains("label stands there twice");
    }

    @Test
    void refusesAnObjectWithAFieldThatStandsThereTwice() {
        assertThat(
                        read("label=a.b", "{\"a\": {\"b\": \"ham\"}, \"a\": {\"b\": \"spam\"}}")
                                .problems())
                .contains("label (at a.b) stands there twice");
    }

    @Test
    void doesNotMindTwoOfAKeyThatItDoesNotRead() {
        assertThat(read("", "{\"x\":1,\"x\":2," + document("label", "1").substring(1)).problems())
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "2026-05-04T10:00:00Z | 2026-05-04T10:00:00Z",
                "2026-05-04T12:00:00.5+02:00 | 2026-05-04T10:00:00.500Z",
                "2026-05-04t10:00:00z | 2026-05-04T10:00:00Z",
                "2026-05-04 12:00+0200 | 2026-05-04T10:00:00Z",
                "2026-05-04T12:00:00.123456789+02 | 2026-05-04T10:00:00.123Z"
            })
    void readsIsoTimesWithAnOffset(String written, Instant time) {
        assertThat(read("", document("eventTime", "\"" + written + "\"")).eventTime())
                .hasValue(time.toEpochMilli());
    }

    @ParameterizedTest
    @CsvSource({
        "seconds, 1714816800, 1714816800000",
        "seconds, 1714816800.1239, 1714816800123",
        "seconds, 1.7148168e9, 1714816800000",
        "seconds, '\"1714816800\"', 1714816800000",
        "seconds, -0.5, -500",
        "seconds, -0.0001, -1",
        "millis, 1714816800123, 1714816800123",
        "micros, 1714816800123999, 1714816800123",
        "nanos, 1714816800123999999, 1714816800123",
        "millis, 0, 0"
    })
    void readsEpochTimesInTheUnitOfTheMapping(String unit, String written, long millis) {
        MappedJson read = read("eventTimeUnit=" + unit, document("eventTime", written));

        assertThat(read.problems()).isEmpty();
        assertThat(read.eventTime()).hasValue(millis);
    }

    /** No unit is guessed, no zone assumed, and no number is blown up. */
    @ParameterizedTest
    @CsvSource({
        "iso, 1714816800",
        "iso, '\"2026-05-04T10:00:00\"'",
        "iso, '\"2026-05-04\"'",
        "iso, '\"2026-02-30T10:00:00Z\"'",
        "iso, '\"+999999999-12-31T23:59:59Z\"'",
        "iso, '\"\"'",
        "iso, true",
        "iso, []",
        "seconds, '\"2026-05-04T10:00:00Z\"'",
        "seconds, 1e999999999",
        "seconds, 1e-999999999",
        "seconds, 99999999999999999",
        "millis, 9223372036854775808",
        "millis, '\"NaN\"'"
    })
    void refusesATimeThatIsNoneOfTheUnit(String unit, String written) {
        MappedJson read = read("eventTimeUnit=" + unit, document("eventTime", written));

        assertThat(read.problems()).singleElement().asString().startsWith("eventTime ");
        assertThat(read.eventTime()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'' | it is empty, expected one JSON object",
                "'   ' | it is empty, expected one JSON object",
                "[] | it is a list, expected one JSON object",
                "null | it is null, expected one JSON object",
                "7 | it is a number, expected one JSON object",
                "\"a\" | it is a text, expected one JSON object",
                "{} {} | more follows the end of its object",
                "{}, | it is not JSON at line",
                "{} x | it is not JSON at line",
                "{\"label\": NaN} | it is not JSON at line",
                "{\"label\": 01} | it is not JSON at line",
                "{'label': 'ham'} | it is not JSON at line",
                "{\"label\": \"ham\" | it is not JSON at line",
                "{\"label\": \"ham\",} | it is not JSON at line",
                "{\"label\": \"\t\"} | it is not JSON at line"
            })
    void refusesWhatIsNotOneObject(String document, String why) {
        assertThat(read("", document).problems()).singleElement().asString().startsWith(why);
    }

    @Test
    void refusesNestingNumbersAndNamesThatWouldTakeTooMuch() {
        for (String document :
                List.of(
                        "{\"x\":" + "[".repeat(100_000) + "]".repeat(100_000) + "}",
                        "{\"x\":".repeat(5_000) + "1" + "}".repeat(5_000),
                        "{\"label\":" + "1".repeat(100_000) + "}",
                        "{\"" + "n".repeat(100_000) + "\":1}")) {
            assertThat(read("", document).problems())
                    .singleElement()
                    .asString()
                    .startsWith("it is not JSON")
                    .hasSizeLessThan(400);
        }
    }

    @Test
    void readsPastAByteOrderMark() {
        assertThat(read("", "\uFEFF" + document("label", "1")).problems()).isEmpty();
    }

    @Test
    void readsPastTheFrameOfConfluentsSerializer() {
        assertThat(read("", "\0\0\0\0\7" + document("label", "1")).problems()).isEmpty();
        assertThat(read("", "\0\0\0").problems()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-16", "UTF-16LE", "UTF-32", "ISO-8859-1"})
    void refusesOtherEncodings(Charset charset) {
        byte[] document = document("label", "\"Grüße\"").getBytes(charset);

        assertThat(new JsonDocuments(JsonMapping.ofOwnNames()).read(document, PLACE).problems())
                .singleElement()
                .asString()
                .containsAnyOf("it is not UTF-8", "it is not JSON");
    }

    @Test
    void refusesHalfASurrogatePair() {
        assertThat(read("", document("label", "\"\\ud800\"")).problems())
                .containsExactly("label has half of a surrogate pair");
        assertThat(read("", document("label", "\"\\ud83d\\ude00\"")).get(LABEL)).isEqualTo("😀");
    }

    /** So that a refused record can be recognised. */
    @Test
    void showsWhatItHasFoundOfADocumentThatBreaksOff() {
        MappedJson read = read("", "{\"exampleId\": \"t1\", \"text\": \"Hello\", \"label\": ");

        assertThat(read.fields()).isEqualTo(Map.of(EXAMPLE_ID, "t1", TEXT, "Hello"));
        assertThat(read.problems()).hasSize(1);
    }

    @Property
    void anyTextComesBackAsItWas(
            @ForAll("texts") String id,
            @ForAll("texts") String adapter,
            @ForAll("texts") String text,
            @ForAll("texts") String label)
            throws Exception {
        ObjectNode document = new ObjectMapper().createObjectNode();
        document.put("ticket", id).put("customer", adapter).put("category", label);
        document.putObject("body").put("noise", label).put("text", text);

        MappedJson read =
                new JsonDocuments(TICKETS)
                        .read(new ObjectMapper().writeValueAsBytes(document), PLACE);

        assertThat(read.problems()).isEmpty();
        assertThat(read.fields())
                .containsExactlyInAnyOrderEntriesOf(
                        Map.of(EXAMPLE_ID, id, ADAPTER_ID, adapter, TEXT, text, LABEL, label));
    }

    /** Every field is found, has a default, or is named as a problem. */
    @Property
    void anyDocumentIsReadOrRefused(@ForAll("documents") String document) {
        MappedJson read = read("", document);

        if (read.problems().isEmpty()) {
            assertThat(read.fields()).containsOnlyKeys(EXAMPLE_ID, ADAPTER_ID, TEXT, LABEL);
        } else if (!read.problems().get(0).startsWith("it is ")
                && !read.problems().get(0).startsWith("more ")) {
            for (ExampleField field : List.of(EXAMPLE_ID, ADAPTER_ID, TEXT, LABEL)) {
                assertThat(
                                read.fields().containsKey(field)
                                        ^ read.problems().stream()
                                                .anyMatch(p -> p.startsWith(field.key())))
                        .as("%s of %s", field, document)
                        .isTrue();
            }
        }
    }

    @Property
    void anyBytesAreReadOrRefused(@ForAll byte[] bytes, @ForAll("documents") String document) {
        byte[] whole = utf8(document);
        ByteArrayOutputStream spliced = new ByteArrayOutputStream();
        spliced.writeBytes(Arrays.copyOf(whole, whole.length / 2));
        spliced.writeBytes(bytes);

        MappedJson read =
                new JsonDocuments(JsonMapping.ofOwnNames()).read(spliced.toByteArray(), PLACE);

        if (read.problems().isEmpty()) {
            assertThat(read.fields()).containsOnlyKeys(EXAMPLE_ID, ADAPTER_ID, TEXT, LABEL);
        }
    }

    @Provide
    static Arbitrary<String> texts() {
        return Arbitraries.strings()
                .ofMaxLength(40)
                .filter(text -> text.codePoints().noneMatch(c -> c >= 0xD800 && c <= 0xDFFF));
    }

    @Provide
    static Arbitrary<String> documents() {
        Arbitrary<String> names =
                Arbitraries.of("exampleId", "adapterId", "text", "label", "eventTime", "x");
        Arbitrary<String> scalars =
                Arbitraries.of(
                        "null",
                        "true",
                        "1",
                        "-1.5e3",
                        "\"a\"",
                        "\"\"",
                        "\"\\ud800\"",
                        "NaN",
                        "\"2026-05-04T10:00:00Z\"",
                        "");
        Arbitrary<String> values =
                Arbitraries.lazyOf(
                        () -> scalars,
                        () -> scalars,
                        () -> objects(names, scalars),
                        () ->
                                scalars.list()
                                        .ofMaxSize(3)
                                        .map(items -> "[" + String.join(",", items) + "]"));
        return objects(names, values);
    }

    private static Arbitrary<String> objects(Arbitrary<String> names, Arbitrary<String> values) {
        return Combinators.combine(names, values)
                .as((name, value) -> "\"" + name + "\":" + value)
                .list()
                .ofMaxSize(8)
                .map(entries -> "{" + String.join(",", entries) + "}");
    }

    private static MappedJson read(String mapping, String document) {
        JsonMapping fields =
                mapping.isEmpty() ? JsonMapping.ofOwnNames() : JsonMapping.parse(mapping);
        return new JsonDocuments(fields).read(utf8(document), PLACE);
    }

    /** A whole document in which {@code field} is {@code written}. */
    private static String document(String field, String written) {
        StringBuilder document = new StringBuilder("{\"" + field + "\":" + written);
        for (ExampleField other : List.of(EXAMPLE_ID, ADAPTER_ID, TEXT, LABEL)) {
            if (!other.key().equals(field)) {
                document.append(",\"").append(other.key()).append("\":\"a\"");
            }
        }
        return document.append("}").toString();
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
