package io.rankstream.ops.send.format;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import io.rankstream.adapters.files.JsonFault;
import io.rankstream.adapters.text.Amount;
import io.rankstream.adapters.text.Excerpt;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** How a line has cells: as a table, or as an object of JSON. */
sealed interface GlueRows {

    /**
     * A cell that the task needs.
     *
     * @param column name of its column
     */
    record Cell(String column, String content) {}

    /** What a line was read as. */
    sealed interface Row {

        /** Its cells with texts, and that with the label if it is wanted. */
        record Cells(List<Cell> texts, Optional<Cell> label) implements Row {}

        /** None, and why. */
        record Broken(String reason) implements Row {}
    }

    Row read(byte[] line);

    private static Row.Cells cells(GlueColumns.Found columns, Map<String, String> byColumn) {
        return new Row.Cells(
                columns.texts().stream().map(name -> new Cell(name, byColumn.get(name))).toList(),
                columns.label().map(name -> new Cell(name, byColumn.get(name))));
    }

    /**
     * Cells with tabs between them. A quote is a character as any other.
     *
     * @param names those of the columns
     * @param columns those that are needed
     */
    record OfTable(List<String> names, GlueColumns.Found columns) implements GlueRows {

        @Override
        public Row read(byte[] line) {
            List<String> cells;
            try {
                cells = split(line);
            } catch (CharacterCodingException e) {
                return new Row.Broken("it is not UTF-8 text, expected that");
            }
            if (cells.size() != names.size()) {
                return new Row.Broken(
                        "it has %s with tabs between them, expected %d"
                                .formatted(Amount.of(cells.size(), "cell"), names.size()));
            }
            Map<String, String> byColumn = new HashMap<>();
            for (int i = 0; i < cells.size(); i++) {
                byColumn.put(names.get(i), cells.get(i));
            }
            return GlueRows.cells(columns, byColumn);
        }

        static List<String> split(byte[] line) throws CharacterCodingException {
            return List.of(
                    StandardCharsets.UTF_8
                            .newDecoder()
                            .decode(ByteBuffer.wrap(line))
                            .toString()
                            .split("\t", -1));
        }
    }

    /**
     * Fields of an object, which each object has by itself; those that are null, a list or an
     * object are none.
     *
     * @param labeled whether labels are wanted
     */
    record OfObjects(GlueTask task, boolean labeled) implements GlueRows {

        private static final int MOST_SHOWN = 300;

        private static final JsonFactory JSON =
                JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

        /** The fields of an object: texts, numbers and truth values, and what the others are. */
        private record Fields(Map<String, String> written, Map<String, String> others) {}

        @Override
        public Row read(byte[] line) {
            try (JsonParser parser = JSON.createParser(line)) {
                if (parser.nextToken() != JsonToken.START_OBJECT) {
                    return new Row.Broken("it is no object of JSON, expected one");
                }
                Fields fields = fields(parser);
                if (parser.nextToken() != null) {
                    return new Row.Broken("it is not JSON: there is more after its end");
                }
                GlueColumns columns =
                        GlueColumns.of(task, List.copyOf(fields.written().keySet()), labeled);
                return columns instanceof GlueColumns.Found found
                        ? GlueRows.cells(found, fields.written())
                        : new Row.Broken(reason((GlueColumns.Unclear) columns, fields));
            } catch (JsonProcessingException e) {
                return new Row.Broken("it is not JSON" + JsonFault.of(e));
            } catch (IOException e) {
                return new Row.Broken("it is not UTF-8 text, expected that");
            }
        }

        /** Numbers as they are written: what one is read as may look like another. */
        private static Fields fields(JsonParser parser) throws IOException {
            Fields fields = new Fields(new LinkedHashMap<>(), new LinkedHashMap<>());
            while (parser.nextToken() != JsonToken.END_OBJECT) {
                String name = parser.currentName();
                JsonToken value = parser.nextToken();
                if (value.isScalarValue() && value != JsonToken.VALUE_NULL) {
                    fields.written().put(name, parser.getText());
                } else {
                    fields.others().put(name, SquadQuestion.noun(value));
                    parser.skipChildren();
                }
            }
            return fields;
        }

        private static String reason(GlueColumns.Unclear unclear, Fields fields) {
            if (!unclear.there().isEmpty()) {
                return "it has %s, expected one of them"
                        .formatted(String.join(" and ", unclear.there()));
            }
            String wrong =
                    unclear.names().stream()
                            .filter(fields.others()::containsKey)
                            .map(name -> "%s is %s".formatted(name, fields.others().get(name)))
                            .findFirst()
                            .orElse(GlueHeader.either(unclear.names()) + " is missing");
            return "%s, expected a text or a number%s; it has %s"
                    .formatted(
                            wrong,
                            unclear.isLabel() ? ", or --unlabeled for inputs to predict" : "",
                            fields.written().isEmpty()
                                    ? "no texts and no numbers"
                                    : Excerpt.printable(
                                            String.join(", ", fields.written().keySet()),
                                            MOST_SHOWN));
        }
    }
}
