package io.rankstream.job.decode;

import static io.rankstream.job.record.Records.framed;
import static org.assertj.core.api.Assertions.assertThat;

import io.rankstream.adapters.task.Target;
import io.rankstream.job.decode.avro.DecodeResult;
import io.rankstream.job.decode.avro.DecodeResult.Decoded;
import io.rankstream.job.decode.avro.DecodeResult.Refused;
import io.rankstream.job.decode.avro.ManualClock;
import io.rankstream.job.input.Input;
import io.rankstream.job.input.LabelProbabilities;
import io.rankstream.job.mapping.JsonMapping;
import io.rankstream.job.record.RawRecord;
import io.rankstream.job.record.Records;
import io.rankstream.job.registry.SchemaKey;
import io.rankstream.job.registry.WireFormat;
import io.rankstream.schemas.DeadLetterReason;
import io.rankstream.schemas.GivenPrediction;
import io.rankstream.schemas.LabeledExample;
import io.rankstream.schemas.UnlabeledInput;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.apache.avro.Schema;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class InputDecoderTest {

    private static final int INPUTS = 5;
    private static final int OTHERS = 6;
    private static final long RECORD_TIME = 1_714_816_800_000L;
    private static final int MOST_BYTES = 256 << 10;

    private Schema other;

    @Nested
    class Avro {

        @Test
        void hasEverythingOfTheContract() throws Exception {
            UnlabeledInput written = written();
            written.setTextPair("second");
            written.setMetadata(Map.of("customer", "Größe"));
            written.setPrediction(
                    new GivenPrediction("v7", List.of("ham", "spam"), List.of(.25f, .75f)));
            RawRecord raw = raw(WireFormat.encode(INPUTS, written));

            assertThat(decoded(avro(InputAudience.PEOPLE).decode(raw)))
                    .isEqualTo(
                            new Input(
                                    "i-1",
                                    "spam",
                                    "Hello",
                                    Optional.of("second"),
                                    Map.of("customer", "Größe"),
                                    1_000,
                                    Optional.of(
                                            new io.rankstream.job.input.GivenPrediction(
                                                    "v7",
                                                    new LabelProbabilities(
                                                            List.of("ham", "spam"),
                                                            new float[] {.25f, .75f}))),
                                    raw));
        }

        @Test
        void needsNoMoreThanIdsTextAndTime() throws Exception {
            Input input =
                    decoded(
                            avro(InputAudience.ADAPTERS)
                                    .decode(raw(WireFormat.encode(INPUTS, written()))));

            assertThat(input.pair()).isEmpty();
            assertThat(input.metadata()).isEmpty();
            assertThat(input.given()).isEmpty();
        }

        @Test
        void keepsMetadataInTheOrderInWhichItWasWritten() throws Exception {
            other =
                    schema(
                            "{\"name\": \"metadata\", \"type\": {\"type\": \"map\", \"values\": \"string\"}}");
            byte[] value =
                    framed(
                            OTHERS,
                            body ->
                                    ids(body)
                                            .number(3)
                                            .text("z")
                                            .text("1")
                                            .text("a")
                                            .text("2")
                                            .text("m")
                                            .text("3")
                                            .number(0));

            assertThat(decoded(avro(InputAudience.ADAPTERS).decode(raw(value))).metadata())
                    .containsExactly(Map.entry("z", "1"), Map.entry("a", "2"), Map.entry("m", "3"));
        }

        @Test
        void refusesAPredictionThatIsNone() throws Exception {
            assertThat(ofPrediction(List.of("ham"), List.of(.5f, .5f)).message())
                    .contains("field 'prediction' has 1 labels and 2 probabilities, expected");
            assertThat(ofPrediction(List.of(), List.of()).message())
                    .contains("has 0 labels and 0 probabilities");
            assertThat(ofPrediction(List.of("ham", "spam"), List.of(Float.NaN, 1f)).message())
                    .contains("has the probability NaN");
            assertThat(ofPrediction(List.of("ham", "spam"), List.of(-.5f, 1.5f)).message())
                    .contains("has the probability -0.5");
            assertThat(ofPrediction(List.of("ham", "spam"), List.of(.9f, .9f)).message())
                    .contains("has probabilities of 1.80 together, expected");
            assertThat(ofPrediction(List.of("ham", "spam"), List.of(1f, .011f)).message())
                    .contains("has probabilities of 1.01 together, expected");
            for (String label : List.of("", " ", "a\u0007b", "x".repeat(257))) {
                assertThat(ofPrediction(List.of("ham", label), List.of(.5f, .5f)).message())
                        .contains("which is no name");
            }
            assertThat(ofPrediction(List.of("ä", "a\u0308"), List.of(.5f, .5f)).message())
                    .contains("has a label twice");
            version = "v".repeat(257);
            assertThat(ofPrediction(List.of("ham", "spam"), List.of(.5f, .5f)).message())
                    .contains("has a version of 257 characters");
        }

        @Test
        void takesTheMostProbableLabelsOfAModelAndWhatRoundingAdds() throws Exception {
            for (List<Float> probabilities :
                    List.of(List.of(.3f, .2f), List.of(0f, 0f), List.of(.5f, .51f))) {
                UnlabeledInput written = written();
                written.setPrediction(
                        new GivenPrediction("v7", List.of("ham", "spam"), probabilities));

                assertThat(
                                decoded(
                                                avro(InputAudience.ADAPTERS)
                                                        .decode(
                                                                raw(
                                                                        WireFormat.encode(
                                                                                INPUTS, written))))
                                        .given())
                        .isPresent();
            }
        }

        private String version = "v7";

        private Refused<Input> ofPrediction(List<String> labels, List<Float> probabilities)
                throws Exception {
            UnlabeledInput written = written();
            written.setPrediction(new GivenPrediction(version, labels, probabilities));
            return refused(
                    avro(InputAudience.ADAPTERS).decode(raw(WireFormat.encode(INPUTS, written))));
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "{\"name\": \"metadata\", \"type\": \"string\"}",
                    "{\"name\": \"metadata\", \"type\": {\"type\": \"map\", \"values\": \"long\"}}",
                    "{\"name\": \"prediction\", \"type\": \"string\"}",
                })
        void saysWhatAFieldOfAnotherTypeShouldBe(String field) throws Exception {
            other = schema(field);
            boolean isMap = field.contains("map");
            byte[] value =
                    framed(
                            OTHERS,
                            body -> {
                                if (isMap) {
                                    ids(body).number(1).text("k").number(7).number(0);
                                } else {
                                    ids(body).text("x");
                                }
                            });

            assertThat(refused(avro(InputAudience.ADAPTERS).decode(raw(value))).message())
                    .contains(" is of type ")
                    .contains(", expected a ");
        }

        @Property(tries = 300)
        void noDamageMakesItFail(@ForAll @IntRange(max = 60) int at, @ForAll byte damage)
                throws Exception {
            UnlabeledInput written = written();
            written.setMetadata(Map.of("customer", "acme"));
            written.setPrediction(
                    new GivenPrediction("v7", List.of("ham", "spam"), List.of(.25f, .75f)));
            byte[] value = WireFormat.encode(INPUTS, written);
            value[5 + at % (value.length - 5)] = damage;

            avro(InputAudience.PEOPLE).decode(raw(value));
            avro(InputAudience.PEOPLE).decode(raw(Arrays.copyOf(value, at)));
        }
    }

    @Nested
    class Json {

        @Test
        void isMappedLikeAnExampleWithoutALookAtItsLabel() throws Exception {
            RawRecord raw =
                    json(
                            """
                            {"exampleId": 7, "adapterId": "acme", "text": "Hello",
                             "label": {"not": ["one"]}}
                            """);

            assertThat(decoded(json(InputAudience.ADAPTERS).decode(raw)))
                    .isEqualTo(
                            new Input(
                                    "7",
                                    "acme",
                                    "Hello",
                                    Optional.empty(),
                                    Map.of(),
                                    RECORD_TIME,
                                    Optional.empty(),
                                    raw));
        }

        @Test
        void mayHaveMetadataAndAPredictionOfAnotherModel() throws Exception {
            Input input =
                    decoded(
                            json(InputAudience.PEOPLE)
                                    .decode(
                                            document(
                                                    """
                                                    "metadata": {"customer": "Größe", "vip": true, "none": null, "orders": 1.50},
                                                    "prediction": {"version": "v7", "labels": ["ham", 7],
                                                        "probabilities": [2.5e-1, 0.75], "took": {"ms": [3]}}
                                                    """)));

            assertThat(input.metadata())
                    .containsExactly(
                            Map.entry("customer", "Größe"),
                            Map.entry("vip", "true"),
                            Map.entry("orders", "1.50"));
            assertThat(input.given())
                    .contains(
                            new io.rankstream.job.input.GivenPrediction(
                                    "v7",
                                    new LabelProbabilities(
                                            List.of("ham", "7"), new float[] {.25f, .75f})));
        }

        @Test
        void hasThemWhereTheMappingSaysAlsoAroundOtherFields() throws Exception {
            JsonInputDecoder mapped =
                    new JsonInputDecoder(
                            InputAudience.PEOPLE,
                            JsonMapping.parse(
                                    "text=mail.body,metadata=mail,prediction=models[1].said"));

            Input input =
                    decoded(
                            mapped.decode(
                                    json(
                                            """
                                            {"exampleId": "j", "adapterId": "spam",
                                             "mail": {"body": "Hello", "from": "ann"},
                                             "models": [{}, {"said": {"version": 3, "labels": ["ham"], "probabilities": [1]}}]}
                                            """)));

            assertThat(input.text()).isEqualTo("Hello");
            assertThat(input.metadata())
                    .containsExactly(Map.entry("body", "Hello"), Map.entry("from", "ann"));
            assertThat(input.given().orElseThrow().version()).isEqualTo("3");
        }

        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                textBlock =
                        """
                        "metadata": "acme" | metadata is a text, expected an object of texts, numbers and truth values
                        "metadata": 7 | metadata is a number, expected an object of
                        "metadata": ["acme"] | metadata is a list, expected an object of
                        "metadata": {"a": {}} | metadata has 'a', which is an object, expected
                        "metadata": {"a": [1]} | metadata has 'a', which is a list, expected
                        "metadata": {"a": 1, "a": 2} | metadata has 'a', which stands there twice
                        "metadata": {"a": "\\ud800"} | metadata has 'a', which has half of a surrogate pair
                        "metadata": {}, "metadata": {} | metadata stands there twice
                        "prediction": "spam" | prediction is a text, expected an object of version, a text, labels,
                        "prediction": ["spam"] | prediction is a list, expected an object of version
                        "prediction": {} | prediction has no version, expected an object
                        "prediction": {"version": null} | prediction has the version null, expected
                        "prediction": {"version": {}} | prediction has the version an object, expected
                        "prediction": {"version": "v"} | prediction has no labels, expected
                        "prediction": {"version": "v", "labels": "ham"} | prediction has labels that are a text, expected
                        "prediction": {"version": "v", "labels": [{}]} | prediction has the label an object, expected
                        "prediction": {"version": "v", "labels": ["a"], "probabilities": ["1"]} | prediction has the probability a text, expected
                        "prediction": {"version": "v", "labels": ["a"], "probabilities": [[1]]} | prediction has the probability a list, expected
                        "prediction": {"version": "v", "labels": ["a"], "probabilities": [1.5]} | prediction has the probability 1.5, expected
                        "prediction": {"version": "v", "labels": ["a"], "probabilities": [-1e-9]} | prediction has the probability -1.0E-9, expected
                        "prediction": {"version": "v", "labels": ["a", "b"], "probabilities": [1]} | prediction has 2 labels and 1 probabilities, expected
                        "prediction": {"version": "v", "version": "w"} | prediction has version twice, expected
                        "prediction": {"version": "v", "labels": ["a"]} | prediction has no probabilities, expected
                        "prediction": {"version": "v", "labels": [], "probabilities": []} | prediction has 0 labels and 0 probabilities, expected
                        "prediction": {"version": "v", "labels": ["a", "a"], "probabilities": [0.5, 0.5]} | prediction has a label twice
                        "prediction": {"version": "v", "labels": ["a", "b"], "probabilities": [0.9, 0.9]} | prediction has probabilities of 1.80 together, expected
                        "prediction": {"version": "v", "labels": ["a", "b", "c"], "probabilities": [0.5, 0.5, 0.02]} | prediction has probabilities of 1.02 together, expected
                        """)
        void saysWhatIsWrongWithThem(String part, String message) throws Exception {
            Refused<Input> refused = refused(json(InputAudience.PEOPLE).decode(document(part)));

            assertThat(refused.reason()).isEqualTo(DeadLetterReason.UNDECODABLE);
            assertThat(refused.adapterId()).isEqualTo("spam");
            assertThat(refused.message()).startsWith("the value is no input: " + message);
        }

        @Test
        void hasMetadataInTheSizeThatPeopleRead() throws Exception {
            String longText = "x".repeat(MOST_BYTES);

            assertThat(
                            refused(
                                            json(InputAudience.PEOPLE)
                                                    .decode(
                                                            document(
                                                                    "\"metadata\": {\"k\": \"%s\"}"
                                                                            .formatted(longText))))
                                    .reason())
                    .isEqualTo(DeadLetterReason.TOO_LARGE);
        }

        private static RawRecord document(String part) {
            return json(
                    "{\"exampleId\": \"j\", \"adapterId\": \"spam\", \"text\": \"Hello\", %s}"
                            .formatted(part));
        }

        @Test
        void thatLacksSomethingIsRefused() throws Exception {
            Refused<Input> refused =
                    refused(json(InputAudience.ADAPTERS).decode(json("{\"text\": \"Hello\"}")));

            assertThat(refused.reason()).isEqualTo(DeadLetterReason.UNDECODABLE);
            assertThat(refused.message())
                    .startsWith("the value is no input: exampleId is missing")
                    .contains("adapterId is missing")
                    .doesNotContain("label");
        }

        @Test
        void mayStandBesideAvro() throws Exception {
            RecordDecoder<Input> decoder = jsonOrAvro();

            assertThat(
                            decoded(decoder.decode(raw(WireFormat.encode(INPUTS, written()))))
                                    .exampleId())
                    .isEqualTo("i-1");
            String document = "{\"exampleId\": \"j\", \"adapterId\": \"spam\", \"text\": \"x\"}";
            assertThat(decoded(decoder.decode(json(document))).exampleId()).isEqualTo("j");
            assertThat(decoded(decoder.decode(json("\0\0\0\0\7" + document))).exampleId())
                    .isEqualTo("j");
            assertThat(refused(decoder.decode(raw(new byte[] {0, 0}))).reason())
                    .isEqualTo(DeadLetterReason.TRUNCATED_FRAME);
            assertThat(refused(decoder.decode(raw(null))).reason())
                    .isEqualTo(DeadLetterReason.NULL_VALUE);
        }

        @ParameterizedTest
        @ValueSource(strings = {"{", "{}", "\n", " ", "{\"a\":{\"a\":{\"a\""})
        void isNeverTakenForAnAvroRecordWhateverItsFirstTextIs(String id) {
            LabeledExample example = Records.example();
            example.setExampleId(id.repeat(30));

            assertThat(JsonOrAvroDecoder.isAvro(WireFormat.encode(INPUTS, example))).isTrue();
        }

        @Property(tries = 300)
        void noBytesMakeItFail(@ForAll byte[] value) throws Exception {
            jsonOrAvro().decode(raw(value));
        }
    }

    @Nested
    class Size {

        @Test
        void isLimitedWherePeopleRead() throws Exception {
            UnlabeledInput written = written();
            written.setText("ä".repeat(MOST_BYTES / 2 - 8));
            written.setTextPair("12345678");
            written.setMetadata(Map.of("k", "1234567"));
            assertThat(avro(InputAudience.PEOPLE).decode(raw(WireFormat.encode(INPUTS, written))))
                    .isInstanceOf(Decoded.class);
            written.setMetadata(Map.of("k", "12345678"));

            Refused<Input> refused =
                    refused(
                            avro(InputAudience.PEOPLE)
                                    .decode(raw(WireFormat.encode(INPUTS, written))));

            assertThat(refused.reason()).isEqualTo(DeadLetterReason.TOO_LARGE);
            assertThat(refused.adapterId()).isEqualTo("spam");
            assertThat(refused.message())
                    .contains(
                            "have 262,145 bytes in UTF-8, expected at most 262,144, since people");
        }

        @Test
        void isNotLimitedForAdapters() throws Exception {
            UnlabeledInput written = written();
            written.setText("x".repeat(MOST_BYTES + 1));

            assertThat(avro(InputAudience.ADAPTERS).decode(raw(WireFormat.encode(INPUTS, written))))
                    .isInstanceOf(Decoded.class);
        }

        @Test
        void isThatOfADocumentToo() throws Exception {
            String document =
                    "{\"exampleId\": \"j\", \"adapterId\": \"spam\", \"text\": \"%s\"}"
                            .formatted("x".repeat(MOST_BYTES + 1));

            assertThat(refused(json(InputAudience.PEOPLE).decode(json(document))).reason())
                    .isEqualTo(DeadLetterReason.TOO_LARGE);
        }
    }

    @Test
    void anExampleThatTheJobHasWrittenIsReadBesideDocuments() throws Exception {
        RecordDecoder<Example> decoder =
                new JsonOrAvroDecoder<>(
                        new JsonExampleDecoder(JsonMapping.ofOwnNames()),
                        new ExampleDecoder(
                                this::schemaOf, Duration.ofSeconds(60), new ManualClock()));

        Example example =
                ((Decoded<Example>)
                                decoder.decode(
                                        raw(
                                                WireFormat.encode(
                                                        Records.SCHEMA_ID, Records.example()))))
                        .value();

        assertThat(example.target()).isEqualTo(new Target.Label("ham"));
    }

    private static UnlabeledInput written() {
        return UnlabeledInput.newBuilder()
                .setExampleId("i-1")
                .setAdapterId("spam")
                .setText("Hello")
                .setEventTime(Instant.ofEpochMilli(1_000))
                .build();
    }

    private static Records.Body ids(Records.Body body) {
        return body.text("i-1").text("spam").text("Hello").number(1_000);
    }

    /** A writer's schema of ids, text, time and one field more. */
    private static Schema schema(String field) {
        return new Schema.Parser()
                .parse(
                        """
                        {"type": "record", "name": "Other", "fields": [
                          {"name": "exampleId", "type": "string"},
                          {"name": "adapterId", "type": "string"},
                          {"name": "text", "type": "string"},
                          {"name": "eventTime", "type": "long"},
                          %s]}
                        """
                                .formatted(field));
    }

    private RecordDecoder<Input> avro(InputAudience audience) {
        return new InputDecoder(
                audience, this::schemaOf, Duration.ofSeconds(60), new ManualClock());
    }

    private static RecordDecoder<Input> json(InputAudience audience) {
        return new JsonInputDecoder(audience, JsonMapping.ofOwnNames());
    }

    private RecordDecoder<Input> jsonOrAvro() {
        return new JsonOrAvroDecoder<>(json(InputAudience.ADAPTERS), avro(InputAudience.ADAPTERS));
    }

    private Schema schemaOf(SchemaKey key) {
        if (key.equals(new SchemaKey.Id(OTHERS))) {
            return other;
        }
        return key.equals(new SchemaKey.Id(Records.SCHEMA_ID))
                ? LabeledExample.getClassSchema()
                : UnlabeledInput.getClassSchema();
    }

    private static RawRecord raw(byte[] value) {
        return new RawRecord("unlabeled-inputs", 3, 41, null, value);
    }

    private static RawRecord json(String document) {
        return new RawRecord(
                "unlabeled-inputs",
                3,
                17,
                null,
                document.getBytes(StandardCharsets.UTF_8),
                List.of(),
                RECORD_TIME,
                TimestampType.CREATE_TIME);
    }

    private static Input decoded(DecodeResult<Input> result) {
        assertThat(result).isInstanceOf(Decoded.class);
        return ((Decoded<Input>) result).value();
    }

    private static Refused<Input> refused(DecodeResult<Input> result) {
        assertThat(result).isInstanceOf(Refused.class);
        return (Refused<Input>) result;
    }
}
