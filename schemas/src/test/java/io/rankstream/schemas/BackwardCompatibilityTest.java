package io.rankstream.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.SchemaCompatibility.Incompatibility;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificDatumReader;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whoever has today's schemas reads what any release wrote. */
class BackwardCompatibilityTest {

    /** Fields that an answer had within a report. */
    private static final int FIRST_OF_AN_ANSWER = 6;

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

    /** Commands were answered by training reports before they had a topic of their own. */
    @Test
    void readsTheAnswerThatAnEarlierReportHolds() throws IOException {
        Schema answers = withFields(CommandAnswer.getClassSchema(), FIRST_OF_AN_ANSWER);
        Schema written = withCommand(TrainingReport.getClassSchema(), answers);
        GenericRecord answer = new GenericData.Record(answers);
        answer.put("commandId", "c-1");
        answer.put("action", "PAUSE");
        answer.put(
                "outcome",
                new GenericData.EnumSymbol(answers.getField("outcome").schema(), "DONE"));
        answer.put("message", "paused");
        answer.put("revision", 3L);
        answer.put("version", 2L);
        GenericRecord report = new GenericData.Record(written);
        for (Schema.Field field : written.getFields()) {
            report.put(field.pos(), nothing(field.schema()));
        }
        report.put("adapterId", "spam");
        report.put("step", 7L);
        report.put("command", answer);

        TrainingReport read =
                new SpecificDatumReader<TrainingReport>(written, TrainingReport.getClassSchema())
                        .read(null, DecoderFactory.get().binaryDecoder(bytes(report), null));

        assertThat(read.getAdapterId()).isEqualTo("spam");
        assertThat(read.getStep()).isEqualTo(7);
        assertThat(read.getCommand())
                .isEqualTo(
                        new CommandAnswer(
                                "c-1", "PAUSE", CommandOutcome.DONE, "paused", 3L, 2L, "", 0L, 0L));
    }

    /** The record with its first fields alone. */
    private static Schema withFields(Schema record, int count) {
        List<Schema.Field> fields =
                record.getFields().subList(0, count).stream()
                        .map(field -> new Schema.Field(field, field.schema()))
                        .toList();
        return Schema.createRecord(record.getName(), null, record.getNamespace(), false, fields);
    }

    private static Schema withCommand(Schema report, Schema answers) {
        Schema nullable = Schema.createUnion(Schema.create(Schema.Type.NULL), answers);
        List<Schema.Field> fields =
                report.getFields().stream()
                        .map(
                                field ->
                                        new Schema.Field(
                                                field,
                                                field.name().equals("command")
                                                        ? nullable
                                                        : field.schema()))
                        .toList();
        return Schema.createRecord(report.getName(), null, report.getNamespace(), false, fields);
    }

    private static Object nothing(Schema type) {
        return switch (type.getType()) {
            case INT -> 0;
            case LONG -> 0L;
            case FLOAT -> 0f;
            case DOUBLE -> 0.0;
            case BOOLEAN -> false;
            case ARRAY -> List.of();
            case MAP -> Map.of();
            default -> null;
        };
    }

    private static byte[] bytes(GenericRecord report) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(out, null);
        new GenericDatumWriter<GenericRecord>(report.getSchema()).write(report, encoder);
        encoder.flush();
        return out.toByteArray();
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
