package io.rankstream.job.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rankstream.job.config.settings.LoopMode;
import io.rankstream.job.config.settings.RegistrySettings;
import io.rankstream.job.topic.SomeTopics;
import io.rankstream.job.topic.Topic;
import io.rankstream.job.topic.TopicNames;
import io.rankstream.schemas.LabeledExample;
import io.rankstream.schemas.Prediction;
import io.rankstream.schemas.TrainingReport;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.assertj.core.util.Throwables;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class SchemaRegistryTest {

    private RegistryServer server;

    static Stream<String> noSchemas() {
        String field = "{\"type\": \"record\", \"name\": \"R\", \"fields\": [%s]}";
        String open = "{\"type\": \"array\", \"items\": ";
        return Stream.of(
                "",
                "null",
                "[",
                "{\"type\": null}",
                "{\"type\": \"record\", \"name\": \"R\"}",
                "{\"type\": \"enum\", \"name\": \"E\", \"symbols\": [null]}",
                "{\"type\": \"fixed\", \"name\": \"F\", \"size\": -1}",
                "[\"int\", \"int\"]",
                field.formatted("{\"name\": \"a\", \"type\": \"int\", \"order\": \"sideways\"}"),
                field.formatted("{\"name\": \"a\", \"type\": \"int\", \"order\": \"\"}"),
                field.formatted("{\"name\": null, \"type\": \"int\"}"),
                field.formatted("7"),
                open.repeat(900) + "\"integer\"" + "}".repeat(900),
                open.repeat(100_000) + "\"int\"" + "}".repeat(100_000));
    }

    @BeforeEach
    void start() throws IOException {
        server = new RegistryServer();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Nested
    class Registration {

        @Test
        void concernsTheOutputsAlone() throws Exception {
            SchemaIds ids = outputs();

            assertThat(server.writes())
                    .containsExactly(
                            "POST /subjects/predictions-value/versions",
                            "POST /subjects/reports-value/versions",
                            "POST /subjects/answers-value/versions",
                            "POST /subjects/drift-value/versions",
                            "POST /subjects/versions-value/versions",
                            "POST /subjects/dead-value/versions");
            assertThat(ids.byTopic().values()).hasSize(6).doesNotHaveDuplicates();
        }

        @Test
        void givesTheSameIdsTheSecondTimeAndWritesNothing() throws Exception {
            SchemaIds first = outputs();
            server.refuseWrites();

            assertThat(outputs()).isEqualTo(first);
        }

        @Test
        void registersNothingThatOnlyJavaUnderstands() throws Exception {
            outputs();

            assertThat(server.registered().values())
                    .hasSize(6)
                    .noneMatch(schema -> schema.toString().contains("avro.java"));
        }

        @ParameterizedTest
        @ValueSource(strings = {"NONE", "FORWARD", "FULL", "BACKWARD_TRANSITIVE"})
        void leavesEveryCompatibilityLevelAlone(String level) throws Exception {
            server.setLevel("dead-value", level);

            outputs();

            assertThat(server.requests()).noneMatch(request -> request.contains("/config"));
        }

        @Test
        void isNotDoneByWhoOnlyTriesIt() throws Exception {
            try (SchemaRegistry registry = new SchemaRegistry(server.settings())) {
                assertThat(registry.outputProblems(SomeTopics.NAMES, LoopMode.NONE.writtenTopics()))
                        .isEmpty();
            }

            assertThat(server.writes()).isEmpty();
        }

        @Test
        void isDoneByTheProducerOfATopicForItself() throws Exception {
            try (SchemaRegistry registry = new SchemaRegistry(server.settings())) {
                int id = registry.idOf("examples", LabeledExample.getClassSchema());

                assertThat(server.registered())
                        .containsOnlyKeys("examples-value")
                        .containsValue(registry.schema(id));
            }
        }

        @Test
        void isRefusedInOneSentenceWhereTheUserMayNotWrite() {
            server.refuseWrites();

            assertThatThrownBy(this::outputs)
                    .isInstanceOf(RegistryException.class)
                    .hasMessageContaining("answered 403")
                    .hasMessageContaining("predictions-value")
                    .hasMessageContaining("registry.register: false");
        }

        @Test
        void saysWhichSubjectHoldsAnIncompatibleSchema() throws Exception {
            outputs();
            TopicNames swapped =
                    TopicNames.of(
                            topic ->
                                    SomeTopics.NAMES.of(
                                            topic.equals(Topic.PREDICTIONS)
                                                    ? Topic.TRAINING_REPORTS
                                                    : topic.equals(Topic.TRAINING_REPORTS)
                                                            ? Topic.PREDICTIONS
                                                            : topic));

            try (SchemaRegistry registry = new SchemaRegistry(server.settings())) {
                assertThatThrownBy(() -> registry.outputs(swapped, LoopMode.NONE.writtenTopics()))
                        .isInstanceOf(RegistryException.class)
                        .hasMessageContaining("answered 409")
                        .hasMessageContaining("reports-value")
                        .hasMessageContaining("use another topic");
            }
        }

        @Test
        void saysThatTheRegistryCannotBeReached() {
            try (SchemaRegistry registry = new SchemaRegistry(at(RegistryServer.deadUrl()))) {
                assertThatThrownBy(
                                () ->
                                        registry.outputs(
                                                SomeTopics.NAMES, LoopMode.NONE.writtenTopics()))
                        .isInstanceOf(RegistryException.class)
                        .hasMessageContaining("accepts no connection")
                        .hasMessageContaining("check that it runs");
            }
        }

        private SchemaIds outputs() throws RegistryException {
            try (SchemaRegistry registry = new SchemaRegistry(server.settings())) {
                return registry.outputs(SomeTopics.NAMES, LoopMode.NONE.writtenTopics());
            }
        }
    }

    @Nested
    class WithoutRegistration {

        @Test
        void whatIsThereIsFoundAmongAllVersions() throws Exception {
            SchemaIds registered;
            try (SchemaRegistry registry = new SchemaRegistry(server.settings())) {
                registered = registry.outputs(SomeTopics.NAMES, LoopMode.NONE.writtenTopics());
            }
            server.add("predictions-value", "{\"type\": \"string\"}");
            server.add("reports-value", "no Avro");
            server.refuseWrites();

            assertThat(outputs()).isEqualTo(registered);
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "predictions-value",
                    "predictions-io.rankstream.schemas.Prediction",
                    "io.rankstream.schemas.Prediction"
                })
        void theSubjectMayBeNamedByAnyStrategy(String subject) throws Exception {
            int id = server.add(subject, Prediction.getClassSchema().toString());

            assertThat(idOf("predictions", Prediction.getClassSchema())).isEqualTo(id);
        }

        @Test
        void descriptionsMayDiffer() throws Exception {
            String told = Prediction.getClassSchema().toString();
            String untold = told.replaceAll("\"doc\":\"[^\"]*\",?", "").replace(",}", "}");
            assertThat(untold).isNotEqualTo(told);
            int id = server.add("predictions-value", untold);

            assertThat(idOf("predictions", Prediction.getClassSchema())).isEqualTo(id);
        }

        @Test
        void whatIsMissingIsOneSentence() {
            assertThatThrownBy(this::outputs)
                    .isInstanceOf(RegistryException.class)
                    .hasMessageContaining("Prediction under subject predictions-value")
                    .hasMessageContaining("registry.register: true");
            assertThat(server.writes()).isEmpty();
        }

        @Test
        void allThatIsMissingIsToldAtOnceByWhoTriesIt() throws Exception {
            server.add("reports-value", TrainingReport.getClassSchema().toString());

            try (SchemaRegistry registry = new SchemaRegistry(server.readingSettings())) {
                assertThat(registry.outputProblems(SomeTopics.NAMES, LoopMode.NONE.writtenTopics()))
                        .satisfiesExactly(
                                problem -> assertThat(problem).contains("predictions-value"),
                                problem -> assertThat(problem).contains("answers-value"),
                                problem -> assertThat(problem).contains("drift-value"),
                                problem -> assertThat(problem).contains("versions-value"),
                                problem -> assertThat(problem).contains("dead-value"));
            }
        }

        @Test
        void aRegistryThatIsNotThereIsToldOnceByWhoTriesIt() {
            try (SchemaRegistry registry = new SchemaRegistry(at(RegistryServer.deadUrl()))) {
                assertThatThrownBy(
                                () ->
                                        registry.outputProblems(
                                                SomeTopics.NAMES, LoopMode.NONE.writtenTopics()))
                        .isInstanceOf(RegistryException.class)
                        .hasMessageContaining("accepts no connection");
            }
        }

        @Test
        void anotherMeaningOfTheSameBytesIsNotOurs() {
            server.add(
                    "examples-value",
                    LabeledExample.getClassSchema()
                            .toString()
                            .replace("timestamp-millis", "timestamp-micros"));

            assertThatThrownBy(() -> idOf("examples", LabeledExample.getClassSchema()))
                    .hasMessageContaining("does not have");
        }

        private SchemaIds outputs() throws RegistryException {
            try (SchemaRegistry registry = new SchemaRegistry(server.readingSettings())) {
                return registry.outputs(SomeTopics.NAMES, LoopMode.NONE.writtenTopics());
            }
        }

        private int idOf(String topic, Schema schema) throws RegistryException {
            try (SchemaRegistry registry = new SchemaRegistry(server.readingSettings())) {
                return registry.idOf(topic, schema);
            }
        }
    }

    @Nested
    class LookUp {

        @Test
        void findsASchemaById() throws Exception {
            Schema schema = SchemaBuilder.record("R").fields().requiredInt("a").endRecord();
            server.put(7, schema);

            assertThat(lookUp(7)).isEqualTo(schema);
        }

        @Test
        void knowsThatAnIdIsUnknown() {
            assertThatThrownBy(() -> lookUp(4242))
                    .isInstanceOf(UnknownSchemaException.class)
                    .hasMessage("the schema registry has no schema with id 4242");
        }

        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                value = {
                    "404 | {\"error_code\": 404, \"message\": \"a wrong path\"}",
                    "404 | <html>a proxy</html>",
                    "500 | {\"error_code\": 40403, \"message\": \"Schema not found\"}",
                    "503 | {\"error_code\": 50301, \"message\": \"Schema not found\"}",
                    "401 | {\"error_code\": 40101, \"message\": \"Unauthorized\"}"
                })
        void takesEveryOtherRefusalForAnOutage(int status, String body) {
            server.fail(1, status, body);

            assertThatThrownBy(() -> lookUp(7))
                    .isInstanceOf(RegistryException.class)
                    .hasMessageContaining("answered " + status + " while looking up schema 7");
        }

        @ParameterizedTest
        @ValueSource(strings = {"not JSON", "{}", ""})
        void takesAnAnswerThatMakesNoSenseForAnOutage(String body) {
            server.fail(1, 200, body);

            assertThatThrownBy(() -> lookUp(7))
                    .isInstanceOf(RegistryException.class)
                    .hasMessageContaining("gave no usable answer");
        }

        @Test
        void doesNotWaitForARegistryThatHangs() {
            server.hang();
            RegistrySettings impatient =
                    new RegistrySettings(
                            server.url(),
                            Map.of(),
                            Duration.ofMillis(150),
                            Duration.ofSeconds(60),
                            true);

            try (SchemaRegistry registry = new SchemaRegistry(impatient)) {
                assertThatThrownBy(() -> registry.schema(7))
                        .isInstanceOf(RegistryException.class)
                        .hasMessageContaining("did not answer within 150 ms");
            }
        }

        @Test
        void takesARefusedConnectionForAnOutage() {
            try (SchemaRegistry registry = new SchemaRegistry(at(RegistryServer.deadUrl()))) {
                assertThatThrownBy(() -> registry.schema(7))
                        .isInstanceOf(RegistryException.class)
                        .hasMessageContaining("accepts no connection");
            }
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "{\"schema\": \"syntax = 3;\", \"schemaType\": \"PROTOBUF\"}",
                    "{\"schema\": \"{}\"}",
                    "{\"schema\": \"\\\"string\\\"\", \"references\":"
                            + " [{\"name\": \"a\", \"subject\": \"b\", \"version\": 1}]}"
                })
        void hasNoUseForASchemaThatAvroAloneCannotRead(String answer) {
            server.putAnswer(7, answer);

            assertThatThrownBy(() -> lookUp(7))
                    .isInstanceOf(UnknownSchemaException.class)
                    .hasMessageStartingWith("schema 7 ");
        }

        @ParameterizedTest
        @MethodSource("io.rankstream.job.registry.SchemaRegistryTest#noSchemas")
        void isNotStoppedByATextThatIsNoSchema(String text) {
            int id = server.add("examples-value", text);

            assertThatThrownBy(() -> lookUp(id))
                    .isInstanceOf(UnknownSchemaException.class)
                    .hasMessageStartingWith(
                            "schema %d is not a schema that Avro can read".formatted(id));
        }

        private Schema lookUp(int id) throws RegistryException, UnknownSchemaException {
            try (SchemaRegistry registry = new SchemaRegistry(server.settings())) {
                return registry.schema(id);
            }
        }
    }

    @Nested
    class LookUpByGuid {

        private static final UUID GUID = UUID.fromString("018F0E4B-1111-7222-8333-123456789abc");
        private static final String NAME = "schema 018f0e4b-1111-7222-8333-123456789abc";

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "018f0e4b-1111-7222-8333-123456789abc",
                    "00000000-0000-0000-0000-000000000000",
                    "ffffffff-ffff-ffff-ffff-ffffffffffff"
                })
        void findsTheSchema(UUID guid) throws Exception {
            Schema schema = SchemaBuilder.record("R").fields().requiredInt("a").endRecord();
            server.put(guid, schema);

            assertThat(lookUp(guid)).isEqualTo(schema);
            assertThat(server.requests()).containsExactly("GET /schemas/guids/" + guid);
        }

        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                value = {
                    "{\"error_code\": 40403, \"message\": \"Schema not found\"}",
                    "{\"error_code\": 404, \"message\": \"HTTP 404 Not Found\"}",
                    "{\"error_code\": 0, \"message\": \"Could not find resource for full path\"}",
                    "<html>no such path</html>"
                })
        void knowsThatItIsUnknownOrThatTheRegistryKnowsNoGuids(String answer) {
            server.fail(1, 404, answer);

            assertThatThrownBy(() -> lookUp(GUID))
                    .isInstanceOf(UnknownSchemaException.class)
                    .hasMessage(
                            "the schema registry has no %s, or does not look up GUIDs"
                                    .formatted(NAME));
        }

        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                value = {
                    "500 | {\"error_code\": 40403, \"message\": \"Schema not found\"}",
                    "503 | {\"error_code\": 50301, \"message\": \"Schema not found\"}",
                    "429 | {\"error_code\": 42901, \"message\": \"Too many requests\"}",
                    "401 | {\"error_code\": 40101, \"message\": \"Unauthorized\"}",
                    "403 | {\"error_code\": 40301, \"message\": \"Forbidden\"}"
                })
        void takesEveryOtherRefusalForAnOutage(int status, String body) {
            server.fail(1, status, body);

            assertThatThrownBy(() -> lookUp(GUID))
                    .isInstanceOf(RegistryException.class)
                    .hasMessageContaining("answered %d while looking up %s", status, NAME);
        }

        @ParameterizedTest
        @ValueSource(strings = {"not JSON", "{}", "", "[]"})
        void takesAnAnswerThatMakesNoSenseForAnOutage(String body) {
            server.fail(1, 200, body);

            assertThatThrownBy(() -> lookUp(GUID))
                    .isInstanceOf(RegistryException.class)
                    .hasMessageContaining("gave no usable answer");
        }

        @Test
        void takesARefusedConnectionForAnOutage() {
            try (SchemaRegistry registry = new SchemaRegistry(at(RegistryServer.deadUrl()))) {
                assertThatThrownBy(() -> registry.schema(new SchemaKey.Guid(GUID)))
                        .isInstanceOf(RegistryException.class)
                        .hasMessageContaining("accepts no connection")
                        .hasMessageContaining("while looking up " + NAME);
            }
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "{\"schema\": \"{}\", \"schemaType\": \"JSON\"}",
                    "{\"schema\": \"{\"}",
                    "{\"schema\": \"\\\"string\\\"\", \"references\": [{\"name\": \"a\", \"subject\": \"b\", \"version\": 1}]}"
                })
        void hasNoUseForASchemaThatAvroAloneCannotRead(String answer) {
            server.putAnswer(GUID, answer);

            assertThatThrownBy(() -> lookUp(GUID))
                    .isInstanceOf(UnknownSchemaException.class)
                    .hasMessageStartingWith(NAME);
        }

        private Schema lookUp(UUID guid) throws Exception {
            try (SchemaRegistry registry = new SchemaRegistry(server.settings())) {
                return registry.schema(new SchemaKey.Guid(guid));
            }
        }
    }

    @Nested
    class Options {

        private static final Map<String, String> CREDENTIALS =
                Map.of(
                        "basic.auth.credentials.source",
                        "USER_INFO",
                        "basic.auth.user.info",
                        "rank:hunter2");

        @Test
        void reachTheClient() throws Exception {
            try (SchemaRegistry registry = new SchemaRegistry(with(server.url(), CREDENTIALS))) {
                registry.outputs(SomeTopics.NAMES, LoopMode.NONE.writtenTopics());
            }

            assertThat(server.authorizations()).isNotEmpty().containsOnly(basic("rank:hunter2"));
        }

        @Test
        void showNoSecretInAMessage() {
            server.fail(1, 401, "{\"error_code\": 40101, \"message\": \"no user rank:hunter2\"}");
            String url = server.url().replace("http://", "http://rank:hunter3@");

            try (SchemaRegistry registry = new SchemaRegistry(with(url, CREDENTIALS))) {
                assertThatThrownBy(() -> registry.schema(7))
                        .hasMessageContaining("answered 401")
                        .hasMessageContaining("http://127.0.0.1")
                        .hasMessageNotContaining("hunter");
            }
        }

        @ParameterizedTest
        @ValueSource(strings = {"http://127.0.0.1:9", "http://no-such-host.invalid", ""})
        void ofAPathShowNowhereInAnException(String other) {
            String host = other.isEmpty() ? server.url().replace("/apis/ccompat/v7", "") : other;

            assertThatThrownBy(
                            () -> {
                                try (SchemaRegistry registry =
                                        new SchemaRegistry(at(host + "/geheim/apis/ccompat/v7"))) {
                                    registry.versions("s");
                                    registry.schema(1);
                                }
                            })
                    .hasMessageContaining(host + "/******")
                    .satisfies(
                            thrown ->
                                    assertThat(Throwables.getStackTrace(thrown))
                                            .doesNotContain("geheim"));
        }

        @Test
        void areNotNeededForUserAndPasswordOfTheUrl() throws Exception {
            String url = server.url().replace("http://", "http://rank:a%2Fb@");

            try (SchemaRegistry registry = new SchemaRegistry(at(url))) {
                registry.outputs(SomeTopics.NAMES, LoopMode.NONE.writtenTopics());
            }

            assertThat(server.authorizations()).isNotEmpty().containsOnly(basic("rank:a/b"));
        }

        @Test
        void winOverUserAndPasswordOfTheUrl() throws Exception {
            String url = server.url().replace("http://", "http://other:word@");

            try (SchemaRegistry registry = new SchemaRegistry(with(url, CREDENTIALS))) {
                registry.outputs(SomeTopics.NAMES, LoopMode.NONE.writtenTopics());
            }

            assertThat(server.authorizations()).isNotEmpty().containsOnly(basic("rank:hunter2"));
        }

        @Test
        void thatAreRefusedAreToBeChecked() {
            server.fail(1, 401, "{\"error_code\": 40101, \"message\": \"Unauthorized\"}");

            try (SchemaRegistry registry = new SchemaRegistry(with(server.url(), CREDENTIALS))) {
                assertThatThrownBy(() -> registry.schema(7))
                        .hasMessageContaining("answered 401")
                        .hasMessageContaining("check user, password or token");
            }
        }

        private static String basic(String userAndPassword) {
            return "Basic "
                    + Base64.getEncoder()
                            .encodeToString(userAndPassword.getBytes(StandardCharsets.UTF_8));
        }

        @Test
        void thatContradictAreRefused() {
            Map<String, String> both =
                    Map.of(
                            "basic.auth.credentials.source", "URL",
                            "bearer.auth.credentials.source", "STATIC_TOKEN");

            assertThatIllegalArgumentException()
                    .isThrownBy(() -> new SchemaRegistry(with(server.url(), both)))
                    .withMessageContaining("are both there, expected one");
        }
    }

    private static RegistrySettings at(String url) {
        return with(url, Map.of());
    }

    private static RegistrySettings with(String url, Map<String, String> options) {
        return new RegistrySettings(
                url, options, Duration.ofSeconds(20), Duration.ofSeconds(60), true);
    }
}
