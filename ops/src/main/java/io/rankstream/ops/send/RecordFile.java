package io.rankstream.ops.send;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.zip.GZIPInputStream;

/** Records of a file, one after the other; it is never in memory as a whole. For one thread. */
public interface RecordFile extends Closeable {

    /** What a user writes for standard input. */
    String STANDARD_INPUT = "-";

    /**
     * The next record; empty at the end.
     *
     * @throws RecordFileException if nothing after this place can be read
     */
    Optional<SourceRecord> next() throws IOException;

    /** What there should be in it, to be told where it turns out to have no record. */
    String expected();

    /**
     * Opens a file of JSON: one object a line, or one array of objects.
     *
     * @param file its path, or {@link #STANDARD_INPUT}; gzip is recognised
     */
    static RecordFile json(String file) throws IOException {
        return ToldFile.open(file, () -> JsonFile.open(file, bytes(file)));
    }

    /** Opens a file with comma-separated values, the first line of which names the columns. */
    static RecordFile csv(String file) throws IOException {
        return ToldFile.open(file, () -> CsvFile.open(file, bytes(file)));
    }

    /** Opens a file of any other format. */
    static RecordFile of(String file, Content content) throws IOException {
        return ToldFile.open(file, () -> content.read(bytes(file)));
    }

    /** What becomes of the bytes of a file. */
    interface Content {

        /**
         * Its records.
         *
         * @param bytes the file's, unpacked and without a byte order mark
         */
        RecordFile read(BufferedInputStream bytes) throws IOException;
    }

    /** As {@link #json(String)}, of the bytes of a file that {@link #isJson begins so}. */
    static RecordFile json(String file, BufferedInputStream bytes) throws IOException {
        return JsonFile.open(file, bytes);
    }

    /** Whether bytes begin as an object or an array of JSON; none of them is taken. */
    static boolean isJson(BufferedInputStream bytes) throws IOException {
        int first = JsonFile.firstVisible(bytes);
        return first == '{' || first == '[';
    }

    /**
     * The lines of a file, each the bytes of a {@link SourceRecord.Document}.
     *
     * @param file what the file is called, for messages
     * @param isBlank which lines are none
     */
    static RecordFile lines(String file, BufferedInputStream bytes, Predicate<String> isBlank) {
        return new LineFile(file, bytes, isBlank);
    }

    private static BufferedInputStream bytes(String file) throws IOException {
        PushbackInputStream bytes = new PushbackInputStream(unpacked(open(file)), 4);
        Optional<String> wide = WideEncoding.of(startOf(bytes, 4));
        if (wide.isPresent()) {
            bytes.close();
            throw new RecordFileException(
                    "%s looks like text in %s, expected UTF-8: convert it, with iconv -f %s -t UTF-8, or by saving it anew"
                            .formatted(file, wide.get(), wide.get()));
        }
        return new BufferedInputStream(withoutMark(bytes), 1 << 16);
    }

    /** By a channel, which an interrupt ends also while it waits for input. */
    private static InputStream open(String file) throws IOException {
        return file.equals(STANDARD_INPUT)
                ? Channels.newInputStream(new FileInputStream(FileDescriptor.in).getChannel())
                : Files.newInputStream(Path.of(file));
    }

    private static InputStream unpacked(InputStream in) throws IOException {
        PushbackInputStream bytes = new PushbackInputStream(in, 2);
        byte[] start = startOf(bytes, 2);
        boolean packed = start.length == 2 && start[0] == 0x1f && start[1] == (byte) 0x8b;
        return packed ? new GZIPInputStream(bytes) : bytes;
    }

    /** Windows writes a mark in front of UTF-8. */
    private static InputStream withoutMark(PushbackInputStream bytes) throws IOException {
        byte[] mark = {(byte) 0xef, (byte) 0xbb, (byte) 0xbf};
        if (Arrays.equals(startOf(bytes, 3), mark)) {
            bytes.skipNBytes(3);
        }
        return bytes;
    }

    private static byte[] startOf(PushbackInputStream bytes, int count) throws IOException {
        byte[] start = bytes.readNBytes(count);
        bytes.unread(start);
        return start;
    }
}
