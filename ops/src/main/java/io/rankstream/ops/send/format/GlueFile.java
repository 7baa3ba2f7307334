package io.rankstream.ops.send.format;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.rankstream.job.mapping.ExampleField;
import io.rankstream.ops.send.RecordFile;
import io.rankstream.ops.send.RecordFileException;
import io.rankstream.ops.send.SourceRecord;
import io.rankstream.ops.send.SourceRecord.Document;
import io.rankstream.ops.send.SourceRecord.Unreadable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A file of GLUE: a table with tabs as GLUE distributes it, or objects of JSON as Hugging Face
 * exports them. The number in an example's id is what GLUE calls its index.
 */
final class GlueFile implements RecordFile {

    private static final List<ExampleField> TEXTS =
            List.of(ExampleField.TEXT, ExampleField.TEXT_PAIR);

    private final GlueTask task;
    private final RecordFile lines;
    private final Documents documents;
    private final GlueRows rows;
    private final GlueColumns columns;

    /** The first line, where that is a record. */
    private Optional<SourceRecord> first;

    private final CharsetEncoder encoder = StandardCharsets.UTF_8.newEncoder();

    private GlueFile(GlueTask task, String file, RecordFile lines, Start start, SentAs as)
            throws RecordFileException {
        this.task = task;
        this.lines = lines;
        this.documents = new Documents(file, as);
        this.rows = start.rows();
        this.columns = GlueColumns.of(task, file, start.columns(), as.labeled());
        this.first = start.first();
    }

    /** How a file begins. */
    private record Start(GlueRows rows, List<String> columns, Optional<SourceRecord> first) {}

    static RecordFile open(GlueTask task, String file, InputStream bytes, SentAs as)
            throws IOException {
        RecordFile lines = RecordFile.lines(file, bytes);
        return new GlueFile(task, file, lines, start(task, file, lines.next()), as);
    }

    private static Start start(GlueTask task, String file, Optional<SourceRecord> first)
            throws IOException {
        if (first.isEmpty()) {
            throw new RecordFileException(
                    "%s is empty, expected a file of %s".formatted(file, task.id()));
        }
        if (!(first.get() instanceof Document line)) {
            throw none(task, file, first.get().line(), ((Unreadable) first.get()).reason());
        }
        return new String(line.json(), StandardCharsets.UTF_8).stripLeading().startsWith("{")
                ? startOfObjects(task, file, line)
                : startOfTable(task, line);
    }

    private static Start startOfObjects(GlueTask task, String file, Document line)
            throws RecordFileException {
        GlueRows rows = new GlueRows.OfObjects();
        GlueRows.Row row = rows.read(line.json());
        if (row instanceof GlueRows.Row.Cells cells) {
            return new Start(rows, List.copyOf(cells.byColumn().keySet()), Optional.of(line));
        }
        throw none(task, file, line.line(), ((GlueRows.Row.Broken) row).reason());
    }

    private static Start startOfTable(GlueTask task, Document line)
            throws CharacterCodingException {
        List<String> cells = GlueRows.OfTable.cells(line.json());
        List<String> columns = task.columns(cells);
        return new Start(
                new GlueRows.OfTable(columns),
                columns,
                task.isRow(cells) ? Optional.of(line) : Optional.empty());
    }

    private static RecordFileException none(GlueTask task, String file, long line, String reason) {
        return new RecordFileException(
                "%s is no file of %s: of line %,d, %s".formatted(file, task.id(), line, reason));
    }

    @Override
    public Optional<SourceRecord> next() throws IOException {
        Optional<SourceRecord> next = first.isPresent() ? first : lines.next();
        first = Optional.empty();
        return next.map(this::record);
    }

    private SourceRecord record(SourceRecord source) {
        ObjectNode document = documents.next();
        if (!(source instanceof Document line)) {
            return source;
        }
        GlueRows.Row row = rows.read(line.json());
        return row instanceof GlueRows.Row.Cells cells
                ? record(line.line(), document, cells.byColumn())
                : new Unreadable(line.line(), ((GlueRows.Row.Broken) row).reason());
    }

    private SourceRecord record(long line, ObjectNode document, Map<String, String> cells) {
        for (int i = 0; i < columns.texts().size(); i++) {
            String text = cells.get(columns.texts().get(i));
            if (text == null) {
                return lacking(line, columns.texts().get(i));
            }
            if (!encoder.canEncode(text)) {
                return new Unreadable(
                        line,
                        "%s has half of a surrogate pair, expected characters"
                                .formatted(columns.texts().get(i)));
            }
            document.put(TEXTS.get(i).key(), text);
        }
        if (columns.label().isPresent()) {
            String column = columns.label().get();
            if (!cells.containsKey(column)) {
                return lacking(line, column);
            }
            GlueTask.Read read = task.label(column, cells.get(column));
            if (read instanceof GlueTask.Read.Missing missing) {
                return new Unreadable(line, missing.reason());
            }
            document.set(ExampleField.LABEL.key(), ((GlueTask.Read.Given) read).label());
        }
        return new Document(line, document.toString().getBytes(StandardCharsets.UTF_8));
    }

    private static Unreadable lacking(long line, String field) {
        return new Unreadable(line, "%s is missing, expected a text or a number".formatted(field));
    }

    @Override
    public void close() throws IOException {
        lines.close();
    }
}
