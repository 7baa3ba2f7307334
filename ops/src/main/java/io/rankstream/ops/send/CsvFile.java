package io.rankstream.ops.send;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import com.fasterxml.jackson.dataformat.csv.CsvParser;
import io.rankstream.ops.send.SourceRecord.Document;
import io.rankstream.ops.send.SourceRecord.Unreadable;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;

/** Rows of comma-separated values, each an object with columns as fields; empty cells are none. */
final class CsvFile implements RecordFile {

    private final String file;
    private final JsonParser parser;
    private final List<String> columns;

    /** Line of its first cell, and its cells. */
    private record Row(long line, List<String> cells) {}

    private CsvFile(String file, JsonParser parser) throws IOException {
        this.file = file;
        this.parser = parser;
        this.columns =
                row().orElseThrow(
                                () ->
                                        new RecordFileException(
                                                file
                                                        + " is empty, expected a first line that names the columns"))
                        .cells();
        if (new HashSet<>(columns).size() < columns.size()) {
            throw new RecordFileException(
                    "%s: two columns have the same name in the first line %s; rename one"
                            .formatted(file, columns));
        }
    }

    static RecordFile open(String file, InputStream in) throws IOException {
        return new CsvFile(
                file,
                new CsvMapper()
                        .enable(CsvParser.Feature.SKIP_EMPTY_LINES)
                        .getFactory()
                        .createParser(
                                new InputStreamReader(in, StandardCharsets.UTF_8.newDecoder())));
    }

    @Override
    public Optional<SourceRecord> next() throws IOException {
        return row().map(this::record);
    }

    private SourceRecord record(Row row) {
        List<String> cells = row.cells();
        if (cells.size() != columns.size()) {
            return new Unreadable(
                    row.line(),
                    "it has %d cells, expected %d: %s"
                            .formatted(cells.size(), columns.size(), columns));
        }
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        for (int i = 0; i < cells.size(); i++) {
            if (!cells.get(i).isEmpty()) {
                object.put(columns.get(i), cells.get(i));
            }
        }
        return new Document(row.line(), object.toString().getBytes(StandardCharsets.UTF_8));
    }

    private Optional<Row> row() throws IOException {
        try {
            if (parser.nextToken() != JsonToken.START_ARRAY) {
                return Optional.empty();
            }
            List<String> cells = new ArrayList<>();
            long line = 0;
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                if (cells.isEmpty()) {
                    line = parser.currentTokenLocation().getLineNr();
                }
                cells.add(parser.getText());
            }
            return Optional.of(new Row(line, cells));
        } catch (JsonProcessingException e) {
            throw broken(e.getOriginalMessage(), e);
        } catch (CharacterCodingException e) {
            throw broken("it is not UTF-8 text", e);
        }
    }

    private RecordFileException broken(String reason, IOException cause) {
        return new RecordFileException(
                "%s cannot be read after line %d: %s"
                        .formatted(
                                file,
                                Math.max(0, parser.currentLocation().getLineNr() - 1),
                                reason.replaceAll("\\s+", " ")),
                cause);
    }

    @Override
    public void close() throws IOException {
        parser.close();
    }
}
