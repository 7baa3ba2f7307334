package io.rankstream.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A schema is all that a consumer in another language sees of us. */
class SchemaDocsTest {

    static List<Path> current() {
        return SchemaFiles.in(SchemaFiles.CURRENT);
    }

    @ParameterizedTest
    @MethodSource("current")
    void everyRecordEnumAndFieldSaysWhatItIs(Path file) {
        assertThat(undocumented(SchemaFiles.read(file))).isEmpty();
    }

    @Test
    void namesWhatSaysNothing() {
        Schema silent =
                new Schema.Parser()
                        .parse(
                                """
                                {"type": "record", "name": "R", "fields": [
                                  {"name": "told", "type": "int", "doc": "Told."},
                                  {"name": "blank", "type": "int", "doc": " "},
                                  {"name": "nested", "doc": "Nested.", "type": ["null", {"type": "array", "items":
                                    {"type": "enum", "name": "E", "symbols": ["A"]}}]}
                                ]}
                                """);

        assertThat(undocumented(silent)).containsExactly("R", "R.blank", "E");
    }

    private static List<String> undocumented(Schema schema) {
        List<String> found = new ArrayList<>();
        collect(schema, found);
        return found;
    }

    private static void collect(Schema schema, List<String> found) {
        switch (schema.getType()) {
            case RECORD -> {
                check(schema.getFullName(), schema.getDoc(), found);
                for (Schema.Field field : schema.getFields()) {
                    check(schema.getFullName() + "." + field.name(), field.doc(), found);
                    collect(field.schema(), found);
                }
            }
            case ENUM, FIXED -> check(schema.getFullName(), schema.getDoc(), found);
            case ARRAY -> collect(schema.getElementType(), found);
            case MAP -> collect(schema.getValueType(), found);
            case UNION -> schema.getTypes().forEach(type -> collect(type, found));
            default -> {}
        }
    }

    private static void check(String name, String doc, List<String> found) {
        if (doc == null || doc.isBlank()) {
            found.add(name);
        }
    }
}
