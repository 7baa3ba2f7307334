package io.rankstream.ops.send;

import io.rankstream.ops.send.SourceRecord.Document;
import io.rankstream.ops.send.SourceRecord.Unreadable;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Each line by itself, so that a broken one leaves the others whole; blank ones are none. A line
 * feed ends a line, a carriage return does, and both together end one.
 */
final class LineFile implements RecordFile {

    /** More than any broker takes unless it was told to. */
    static final int LARGEST_LINE = 32 << 20;

    /** A device may have no line at all; so many bytes are told from one in seconds. */
    private static final int ENDLESS = 4 * LARGEST_LINE;

    private final String file;
    private final BufferedInputStream bytes;
    private final Predicate<String> isBlank;
    private long line;

    /** Whether the last byte was a carriage return: a line feed behind it belongs to it. */
    private boolean isBehindReturn;

    /**
     * @param bytes of the file, buffered
     * @param isBlank which lines are none
     */
    LineFile(String file, BufferedInputStream bytes, Predicate<String> isBlank) {
        this.file = file;
        this.bytes = bytes;
        this.isBlank = isBlank;
    }

    @Override
    public Optional<SourceRecord> next() throws IOException {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        while (true) {
            text.reset();
            int length = readLine(text);
            if (length < 0) {
                return Optional.empty();
            }
            line++;
            if (length > LARGEST_LINE) {
                return Optional.of(
                        new Unreadable(line, "it has more than %d bytes".formatted(LARGEST_LINE)));
            }
            if (!isBlank.test(text.toString(StandardCharsets.UTF_8))) {
                return Optional.of(new Document(line, text.toByteArray()));
            }
        }
    }

    /** Length of the line, of which no more is kept than may be read; -1 at the end. */
    private int readLine(ByteArrayOutputStream text) throws IOException {
        int length = 0;
        int read = 0;
        for (int next = read(); next != '\n' && next != '\r'; next = read()) {
            if (next < 0) {
                return length == 0 ? -1 : length;
            }
            if (length <= LARGEST_LINE) {
                text.write(next);
                length++;
            }
            if (++read > ENDLESS) {
                throw new RecordFileException(
                        "%s cannot be read from line %,d on: the line has more than %,d bytes, expected one record a line"
                                .formatted(file, line + 1, ENDLESS));
            }
        }
        return length;
    }

    private int read() throws IOException {
        int next = bytes.read();
        if (isBehindReturn && next == '\n') {
            next = bytes.read();
        }
        isBehindReturn = next == '\r';
        return next;
    }

    @Override
    public String expected() {
        return "an object of JSON in each line, or one array of objects";
    }

    @Override
    public void close() throws IOException {
        bytes.close();
    }
}
