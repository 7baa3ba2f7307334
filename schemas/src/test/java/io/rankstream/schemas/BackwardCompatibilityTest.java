package io.rankstream.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.SchemaCompatibility.Incompatibility;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whoever has today's schemas reads what any release wrote. */
class BackwardCompatibilityTest {

    static List<Path> released() {
        return SchemaFiles.in(SchemaFiles.RELEASED);
    }

    @ParameterizedTest
    @MethodSource("released")
    void readsWhatTheReleaseWrote(Path released) {
        Path current = SchemaFiles.CURRENT.resolve(released.getFileName());

        assertThat(current).as("a released schema stays").isRegularFile();
        assertThat(violations(SchemaFiles.read(current), SchemaFiles.read(released)))
                .as("%s against %s", current, released)
                .isEmpty();
    }

    @Test
    void comparesEverySchemaOfTheFirstRelease() {
        assertThat(SchemaFiles.in(SchemaFiles.RELEASED.resolve("v1")))
                .extracting(file -> file.getFileName().toString())
                .containsExactly(
                        "AdapterVersion.avsc",
                        "ControlCommand.avsc",
                        "DeadLetter.avsc",
                        "LabeledExample.avsc",
                        "Prediction.avsc",
                        "TrainingReport.avsc");
    }

    /** The comparison itself: it would be worthless if it let everything pass. */
    @Nested
    class Comparison {

        private static final String RELEASED =
                record(
                        """
                        {"name": "id", "type": "string"},
                        {"name": "kind", "type": {"type": "enum", "name": "Kind", "symbols": ["A", "B"]}}
                        """);

        @ParameterizedTest
        @ValueSource(
                strings = {
                    // a field without default
                    """
                    {"name": "id", "type": "string"},
                    {"name": "kind", "type": {"type": "enum", "name": "Kind", "symbols": ["A", "B"]}},
                    {"name": "added", "type": "int"}
                    """,
                    // another type
                    """
                    {"name": "id", "type": "long"},
                    {"name": "kind", "type": {"type": "enum", "name": "Kind", "symbols": ["A", "B"]}}
                    """,
                    // another name
                    """
                    {"name": "renamed", "type": "string"},
                    {"name": "kind", "type": {"type": "enum", "name": "Kind", "symbols": ["A", "B"]}}
                    """,
                    // a symbol gone
                    """
                    {"name": "id", "type": "string"},
                    {"name": "kind", "type": {"type": "enum", "name": "Kind", "symbols": ["A"]}}
                    """
                })
        void findsWhatBreaksAReader(String fields) {
            assertThat(violations(parse(record(fields)), parse(RELEASED))).isNotEmpty();
        }

        @Test
        void acceptsAFieldWithDefaultAndAFieldLess() {
            String evolved =
                    """
                    {"name": "kind", "type": {"type": "enum", "name": "Kind", "symbols": ["A", "B", "C"]}},
                    {"name": "added", "type": ["null", "int"], "default": null}
                    """;

            assertThat(violations(parse(record(evolved)), parse(RELEASED))).isEmpty();
        }

        private static String record(String fields) {
            return "{\"type\": \"record\", \"name\": \"Sample\", \"fields\": [" + fields + "]}";
        }

        private static Schema parse(String json) {
            return new Schema.Parser().parse(json);
        }
    }

    private static List<String> violations(Schema reader, Schema writer) {
        return SchemaCompatibility.checkReaderWriterCompatibility(reader, writer)
                .getResult()
                .getIncompatibilities()
                .stream()
                .map(BackwardCompatibilityTest::describe)
                .toList();
    }

    private static String describe(Incompatibility found) {
        return found.getType() + " at " + found.getLocation() + ": " + found.getMessage();
    }
}
