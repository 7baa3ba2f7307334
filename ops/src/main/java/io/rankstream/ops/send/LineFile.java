package io.rankstream.ops.send;

import io.rankstream.ops.send.SourceRecord.Document;
import io.rankstream.ops.send.SourceRecord.Unreadable;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Each line by itself, so that a broken one leaves the others whole; blank ones are none. */
final class LineFile implements RecordFile {

    /** More than any broker takes unless it was told to. */
    static final int LARGEST_LINE = 32 << 20;

    /** A device may have no line at all; so many bytes are told from one in seconds. */
    private static final int ENDLESS = 4 * LARGEST_LINE;

    private final String file;
    private final InputStream bytes;
    private long line;

    /**
     * @param bytes of the file, buffered
     */
    LineFile(String file, InputStream bytes) {
        this.file = file;
        this.bytes = bytes;
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
            if (!text.toString(StandardCharsets.UTF_8).isBlank()) {
                return Optional.of(new Document(line, text.toByteArray()));
            }
        }
    }

    /** Length of the line, of which no more is kept than may be read; -1 at the end. */
    private int readLine(ByteArrayOutputStream text) throws IOException {
        int length = 0;
        int read = 0;
        for (int next = bytes.read(); next != '\n'; next = bytes.read()) {
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

    @Override
    public void close() throws IOException {
        bytes.close();
    }
}
