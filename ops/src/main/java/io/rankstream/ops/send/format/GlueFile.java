package io.rankstream.ops.send.format;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.rankstream.job.mapping.ExampleField;
import io.rankstream.ops.send.RecordFile;
import io.rankstream.ops.send.RecordFileException;
import io.rankstream.ops.send.SourceRecord;
import io.rankstream.ops.send.SourceRecord.Document;
import io.rankstream.ops.send.SourceRecord.Unreadable;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * A file of GLUE: a table with tabs as GLUE distributes it, or objects of JSON as Hugging Face
 * exports them. The number in an example's id is what GLUE calls its index.
 */
final class GlueFile implements RecordFile {

    private static final List<ExampleField> TEXTS =
            List.of(ExampleField.TEXT, ExampleField.TEXT_PAIR);

    /** Lines among which a row is looked for where the first one is neither row nor header. */
    private static final int MOST_AHEAD = 20;

    private final GlueTask task;
    private final RecordFile lines;
    private final Documents documents;
    private final GlueRows rows;

    /** Records that were looked at already. */
    private final Deque<SourceRecord> ahead;

    private final CharsetEncoder encoder = StandardCharsets.UTF_8.newEncoder();

    private GlueFile(
            GlueTask task,
            RecordFile lines,
            Documents documents,
            GlueRows rows,
            Deque<SourceRecord> ahead) {
        this.task = task;
        this.lines = lines;
        this.documents = documents;
        this.rows = rows;
        this.ahead = ahead;
    }

    static RecordFile open(GlueTask task, String file, BufferedInputStream bytes, SentAs as)
            throws IOException {
        Documents documents = new Documents(file, as);
        Deque<SourceRecord> ahead = new ArrayDeque<>();
        if (RecordFile.isJson(bytes)) {
            return new GlueFile(
                    task,
                    RecordFile.json(file, bytes),
                    documents,
                    new GlueRows.OfObjects(task, as.labeled()),
                    ahead);
        }
        RecordFile lines = RecordFile.lines(file, bytes, GlueFile::isBlank);
        GlueRows rows = rows(task, file, lines, as, ahead);
        return new GlueFile(task, lines, documents, rows, ahead);
    }

    /** A line with a tab is a row, be it of empty cells. */
    private static boolean isBlank(String line) {
        return line.chars().allMatch(character -> character == ' ');
    }

    /**
     * How the lines are read, by the first of them, which is the header unless it is a row.
     *
     * @param ahead gets those that are records
     */
    private static GlueRows rows(
            GlueTask task, String file, RecordFile lines, SentAs as, Deque<SourceRecord> ahead)
            throws IOException {
        SourceRecord first =
                lines.next()
                        .orElseThrow(
                                () ->
                                        new RecordFileException(
                                                "%s is empty, expected a file of %s"
                                                        .formatted(file, task.id())));
        Optional<List<String>> names = cells(first);
        boolean isHeader = names.filter(task::namesAny).isPresent();
        if (!isHeader) {
            Optional<GlueRows> rows = rowsWithoutHeader(task, lines, as, first, ahead);
            if (rows.isPresent()) {
                return rows.get();
            }
        }
        GlueHeader header =
                new GlueHeader(
                        task,
                        file,
                        names.orElseThrow(
                                () ->
                                        new RecordFileException(
                                                "%s is no file of %s: line %,d, expected the names of columns, cannot be read as text"
                                                        .formatted(
                                                                file, task.id(), first.line()))));
        return new GlueRows.OfTable(header.names(), header.columns(as.labeled()));
    }

    /** By the first line that can be no header; the ones before it are records that are broken. */
    private static Optional<GlueRows> rowsWithoutHeader(
            GlueTask task,
            RecordFile lines,
            SentAs as,
            SourceRecord first,
            Deque<SourceRecord> ahead)
            throws IOException {
        Optional<SourceRecord> next = Optional.of(first);
        while (next.isPresent() && ahead.size() < MOST_AHEAD) {
            ahead.add(next.get());
            Optional<List<String>> cells = cells(next.get());
            if (cells.filter(task::isRow).isPresent()) {
                List<String> names = task.columnsWithoutHeader();
                return Optional.of(
                        new GlueRows.OfTable(
                                names,
                                (GlueColumns.Found) GlueColumns.of(task, names, as.labeled())));
            }
            if (cells.filter(each -> each.get(0).startsWith("{")).isPresent()) {
                return Optional.of(new GlueRows.OfObjects(task, as.labeled()));
            }
            next = lines.next();
        }
        return Optional.empty();
    }

    /** Empty where a line cannot be read. */
    private static Optional<List<String>> cells(SourceRecord record) {
        try {
            return record instanceof Document line
                    ? Optional.of(GlueRows.OfTable.split(line.json()))
                    : Optional.empty();
        } catch (CharacterCodingException e) {
            return Optional.empty();
        }
    }

    @Override
    public Optional<SourceRecord> next() throws IOException {
        return ahead.isEmpty()
                ? lines.next().map(this::record)
                : Optional.of(record(ahead.remove()));
    }

    private SourceRecord record(SourceRecord source) {
        ObjectNode document = documents.next();
        if (!(source instanceof Document line)) {
            return source;
        }
        GlueRows.Row row = rows.read(line.json());
        return row instanceof GlueRows.Row.Cells cells
                ? record(line, document, cells)
                : unreadable(line, ((GlueRows.Row.Broken) row).reason());
    }

    private SourceRecord record(Document line, ObjectNode document, GlueRows.Row.Cells cells) {
        for (int i = 0; i < cells.texts().size(); i++) {
            GlueRows.Cell cell = cells.texts().get(i);
            if (!encoder.canEncode(cell.content())) {
                return unreadable(
                        line,
                        "%s has half of a surrogate pair, expected characters"
                                .formatted(cell.column()));
            }
            document.put(TEXTS.get(i).key(), cell.content());
        }
        if (cells.label().isPresent()) {
            GlueRows.Cell cell = cells.label().get();
            GlueTask.Read read = task.label(cell.column(), cell.content());
            if (read instanceof GlueTask.Read.Missing missing) {
                return unreadable(line, missing.reason());
            }
            document.set(ExampleField.LABEL.key(), ((GlueTask.Read.Given) read).label());
        }
        return new Document(
                line.line(), line.place(), document.toString().getBytes(StandardCharsets.UTF_8));
    }

    private static Unreadable unreadable(Document line, String reason) {
        return new Unreadable(line.line(), line.place(), reason);
    }

    @Override
    public String expected() {
        return "a record of %s in each line below the header, or objects of JSON"
                .formatted(task.id());
    }

    @Override
    public void close() throws IOException {
        lines.close();
    }
}
