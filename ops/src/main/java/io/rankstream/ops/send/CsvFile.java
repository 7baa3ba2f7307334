package io.rankstream.ops.send;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import com.fasterxml.jackson.dataformat.csv.CsvParser;
import io.rankstream.adapters.text.Amount;
import io.rankstream.ops.send.SourceRecord.Document;
import io.rankstream.ops.send.SourceRecord.Unreadable;
import java.io.BufferedInputStream;
import java.io.IOException;
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
    private final LineWise lines;
    private final JsonParser parser;
    private final List<String> columns;

    /** Line in which the cell begins that is being read. */
    private long begun = 1;

    /** Line of its first cell, and its cells. */
    private record Row(long line, List<String> cells) {}

    private CsvFile(String file, LineWise lines) throws IOException {
        this.file = file;
        this.lines = lines;
        this.parser =
                new CsvMapper()
                        .enable(CsvParser.Feature.SKIP_EMPTY_LINES)
                        .getFactory()
                        .createParser(
                                new InputStreamReader(lines, StandardCharsets.UTF_8.newDecoder()));
        this.columns =
                row().orElseThrow(
                                () ->
                                        new RecordFileException(
                                                file
                                                        + " is empty, expected a first line that names the columns"))
                        .cells();
        Optional<String> other = TableFault.otherForm(columns);
        if (other.isPresent()) {
            throw new RecordFileException(
                    "%s: its first line looks %s, expected commas between columns"
                            .formatted(file, other.get()));
        }
        if (new HashSet<>(columns).size() < columns.size()) {
            throw new RecordFileException(
                    "%s: two columns have the same name in the first line %s; rename one"
                            .formatted(file, columns));
        }
    }

    static RecordFile open(String file, BufferedInputStream in) throws IOException {
        return new CsvFile(file, new LineWise(in));
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
                    "it has %s, expected %d: %s; a cell with a comma in it stands in double quotes, and a number has a point for its decimals"
                            .formatted(Amount.of(cells.size(), "cell"), columns.size(), columns));
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
            if (token() != JsonToken.START_ARRAY) {
                return Optional.empty();
            }
            List<String> cells = new ArrayList<>();
            long line = 0;
            while (token() != JsonToken.END_ARRAY) {
                if (cells.isEmpty()) {
                    line = parser.currentTokenLocation().getLineNr();
                }
                cells.add(parser.getText());
            }
            return Optional.of(new Row(line, cells));
        } catch (JsonProcessingException e) {
            throw broken(begun, TableFault.of(e), e);
        } catch (CharacterCodingException e) {
            throw broken(lines.line(), "it is not UTF-8 text, expected that", e);
        }
    }

    private JsonToken token() throws IOException {
        begun = parser.currentLocation().getLineNr();
        return parser.nextToken();
    }

    private RecordFileException broken(long line, String reason, IOException cause) {
        return new RecordFileException(
                "%s cannot be read from line %,d on: %s".formatted(file, line, reason), cause);
    }

    @Override
    public String expected() {
        return "a row below the first line, which names the columns";
    }

    @Override
    public void close() throws IOException {
        parser.close();
    }
}
