package io.rankstream.ops.send.format;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.rankstream.adapters.files.JsonFault;
import io.rankstream.adapters.text.Amount;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** How a line has cells: as a table, or as an object of JSON. */
sealed interface GlueRows {

    /** What a line was read as. */
    sealed interface Row {

        /** Its cells by column. */
        record Cells(Map<String, String> byColumn) implements Row {}

        /** None, and why. */
        record Broken(String reason) implements Row {}
    }

    Row read(byte[] line);

    /**
     * Cells with tabs between them. A quote is a character as any other.
     *
     * @param columns their names
     */
    record OfTable(List<String> columns) implements GlueRows {

        @Override
        public Row read(byte[] line) {
            List<String> cells;
            try {
                cells = cells(line);
            } catch (CharacterCodingException e) {
                return new Row.Broken("it is not UTF-8 text, expected that");
            }
            if (cells.size() != columns.size()) {
                return new Row.Broken(
                        "it has %s with tabs between them, expected %d"
                                .formatted(Amount.of(cells.size(), "cell"), columns.size()));
            }
            Map<String, String> byColumn = new HashMap<>();
            for (int i = 0; i < cells.size(); i++) {
                byColumn.put(columns.get(i), cells.get(i));
            }
            return new Row.Cells(byColumn);
        }

        static List<String> cells(byte[] line) throws CharacterCodingException {
            String text =
                    StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(line)).toString();
            int end = text.endsWith("\r") ? text.length() - 1 : text.length();
            return List.of(text.substring(0, end).split("\t", -1));
        }
    }

    /** Fields of an object; those that are null, a list or an object are none. */
    record OfObjects() implements GlueRows {

        private static final ObjectMapper JSON =
                new ObjectMapper()
                        .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
                        .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

        @Override
        public Row read(byte[] line) {
            JsonNode object;
            try {
                object = JSON.readTree(line);
            } catch (JsonProcessingException e) {
                return new Row.Broken("it is not JSON" + JsonFault.of(e));
            } catch (IOException e) {
                return new Row.Broken("it is not UTF-8 text, expected that");
            }
            if (!object.isObject()) {
                return new Row.Broken("it is no object of JSON, expected one");
            }
            Map<String, String> byColumn = new LinkedHashMap<>();
            object.properties().stream()
                    .filter(field -> field.getValue().isValueNode() && !field.getValue().isNull())
                    .forEach(field -> byColumn.put(field.getKey(), field.getValue().asText()));
            return new Row.Cells(byColumn);
        }
    }
}
