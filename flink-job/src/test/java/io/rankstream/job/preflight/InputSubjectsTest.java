package io.rankstream.job.preflight;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rankstream.job.config.settings.InputFormat;
import io.rankstream.job.registry.RegistryServer;
import io.rankstream.job.registry.SchemaRegistry;
import io.rankstream.job.topic.SomeTopics;
import io.rankstream.job.topic.Topic;
import io.rankstream.schemas.ControlCommand;
import io.rankstream.schemas.LabeledExample;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The producers' subjects are read, judged by what can be decoded, and never changed. */
class InputSubjectsTest {

    private static final String OURS = LabeledExample.getClassSchema().toString();
    private static final String TICKET =
            """
            {"type": "record", "name": "Ticket", "namespace": "com.acme", "fields": [
              {"name": "exampleId", "type": "string"},
              {"name": "adapterId", "type": ["null", "string"]},
              {"name": "text", "type": "string"},
              {"name": "label", "type": "string"},
              {"name": "priority", "type": "int"},
              {"name": "eventTime", "type": {"type": "long", "logicalType": "timestamp-millis"}}]}
            """;
    private static final String WITHOUT_LABEL_OR_TEXT =
            """
            {"type": "record", "name": "Ticket", "fields": [
              {"name": "exampleId", "type": "string"},
              {"name": "adapterId", "type": "string"},
              {"name": "eventTime", "type": "long"}]}
            """;

    private RegistryServer server;

    @BeforeEach
    void start() throws IOException {
        server = new RegistryServer();
        server.refuseWrites();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void needNotBeThere() throws Exception {
        assertThat(check()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "examples-value, FORWARD",
        "examples-value, NONE",
        "examples-value, FULL_TRANSITIVE",
        "examples-io.rankstream.schemas.LabeledExample, BACKWARD",
        "io.rankstream.schemas.LabeledExample, NONE"
    })
    void mayHaveAnyLevelNameAndNameOfTheRecord(String subject, String level) throws Exception {
        server.setLevel(subject, level);
        server.add(subject, TICKET);

        assertThat(check()).isEmpty();
        assertThat(server.writes()).isEmpty();
        assertThat(server.requests()).noneMatch(request -> request.contains("/config"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"string\"", WITHOUT_LABEL_OR_TEXT, "syntax = 3;"})
    void areAWarningWhereOnlyTheNewestVersionCannotBeDecoded(String newest) throws Exception {
        server.add("examples-value", OURS);
        server.add("examples-value", newest);

        assertThat(check())
                .singleElement()
                .asString()
                .contains("'examples'", "dead letters", "version 2 of subject examples-value");
    }

    @Test
    void endTheStartWhereNothingCanBeDecodedWithAllThatIsWrong() {
        server.add("examples-value", "\"string\"");
        server.add("examples-value", WITHOUT_LABEL_OR_TEXT);

        assertThatThrownBy(this::check)
                .isInstanceOf(PreflightException.class)
                .hasMessageContaining("topic 'examples' can be decoded as a LabeledExample")
                .hasMessageContaining("version 2 of subject examples-value")
                .hasMessageContaining("it lacks text, label");
    }

    @Test
    void ofCommandsAreJudgedByWhatACommandNeeds() throws Exception {
        server.add("commands-value", ControlCommand.getClassSchema().toString());
        assertThat(check()).isEmpty();

        server.add("commands-value", OURS);
        assertThat(check()).singleElement().asString().contains("it lacks commandId, action");
    }

    @Test
    void thatTheUserMayNotSeeAreAWarning() throws Exception {
        server.hide("examples-value");

        assertThat(check()).singleElement().asString().contains("answered 403", "examples-value");
    }

    private List<String> check() throws Exception {
        try (SchemaRegistry registry = new SchemaRegistry(server.settings())) {
            List<String> warnings = new ArrayList<>();
            PreflightException.throwIfAny(
                    new InputSubjects(
                                    registry,
                                    SomeTopics.NAMES,
                                    Topic.LEARNING_INPUTS,
                                    InputFormat.AVRO)
                            .check(warnings));
            return warnings;
        }
    }
}
