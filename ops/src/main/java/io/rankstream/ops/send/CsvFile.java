package io.rankstream.ops.send;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import com.fasterxml.jackson.dataformat.csv.CsvParser;
import io.rankstream.ops.send.SourceRecord.Unreadable;
import io.rankstream.ops.send.SourceRecord.Value;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Rows of comma-separated values, each an object with the columns as fields; an empty cell is none.
 */
final class CsvFile implements RecordFile {

    private final String file;
    private final MappingIterator<String[]> rows;
    private final List<String> columns;

    private CsvFile(String file, MappingIterator<String[]> rows, List<String> columns) {
        this.file = file;
        this.rows = rows;
        this.columns = columns;
    }

    static RecordFile open(String file, InputStream in) throws IOException {
        MappingIterator<String[]> rows =
                new CsvMapper()
                        .enable(CsvParser.Feature.WRAP_AS_ARRAY)
                        .enable(CsvParser.Feature.SKIP_EMPTY_LINES)
                        .readerFor(String[].class)
                        .readValues(new InputStreamReader(in, StandardCharsets.UTF_8.newDecoder()));
        CsvFile header = new CsvFile(file, rows, List.of());
        if (!header.hasNext()) {
            throw new RecordFileException(
                    file + " is empty, expected a first line that names the columns");
        }
        List<String> columns = List.of(rows.nextValue());
        Set<String> different = new HashSet<>(columns);
        if (different.size() < columns.size()) {
            throw new RecordFileException(
                    "%s: two columns have the same name in the first line %s; rename one"
                            .formatted(file, columns));
        }
        return new CsvFile(file, rows, columns);
    }

    @Override
    public Optional<SourceRecord> next() throws IOException {
        if (!hasNext()) {
            return Optional.empty();
        }
        long line = rows.getParser().currentTokenLocation().getLineNr();
        String[] cells = rows.nextValue();
        if (cells.length != columns.size()) {
            return Optional.of(
                    new Unreadable(
                            line,
                            "it has %d cells, expected %d: %s"
                                    .formatted(cells.length, columns.size(), columns)));
        }
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        for (int i = 0; i < cells.length; i++) {
            if (!cells[i].isEmpty()) {
                object.put(columns.get(i), cells[i]);
            }
        }
        return Optional.of(new Value(line, object));
    }

    private boolean hasNext() throws IOException {
        long line = rows.getParser().currentLocation().getLineNr();
        try {
            return rows.hasNextValue();
        } catch (JsonProcessingException e) {
            throw broken(e.getLocation().getLineNr(), e.getOriginalMessage(), e);
        } catch (CharacterCodingException e) {
            throw broken(line, "it is not UTF-8 text", e);
        }
    }

    private RecordFileException broken(long line, String reason, IOException cause) {
        return new RecordFileException(
                "%s, line %d: the rest cannot be read: %s"
                        .formatted(file, line, reason.replaceAll("\\s+", " ")),
                cause);
    }

    @Override
    public void close() throws IOException {
        rows.close();
    }
}
