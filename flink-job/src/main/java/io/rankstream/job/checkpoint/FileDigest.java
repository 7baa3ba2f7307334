package io.rankstream.job.checkpoint;

import io.rankstream.job.files.FileSystems;
import java.io.EOFException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32C;
import org.apache.flink.core.fs.FSDataInputStream;
import org.apache.flink.core.fs.Path;

/**
 * What the first bytes of a file were when they were written: a CRC-32C, which finds damage and no
 * forgery, and which the processor computes as fast as files are read, without an optimizing
 * compiler too.
 *
 * @param length how many of them count; a file that several checkpoints write into may have more
 * @param crc32c their checksum
 */
record FileDigest(long length, int crc32c) {

    private static final int PART = 1 << 20;

    /**
     * Reads {@code length} bytes of a file.
     *
     * @throws IOException if it has fewer, or cannot be read
     */
    static FileDigest of(Path file, long length) throws IOException {
        CRC32C checksum = new CRC32C();
        byte[] part = new byte[(int) Math.min(PART, Math.max(1, length))];
        try (FSDataInputStream in = FileSystems.of(file).open(file)) {
            for (long left = length; left > 0; ) {
                if (Thread.currentThread().isInterrupted()) {
                    throw new InterruptedIOException("interrupted while reading " + file);
                }
                int read = in.read(part, 0, (int) Math.min(part.length, left));
                if (read < 0) {
                    throw new EOFException(
                            "%s has %,d bytes of %,d".formatted(file, length - left, length));
                }
                checksum.update(part, 0, read);
                left -= read;
            }
        }
        return new FileDigest(length, (int) checksum.getValue());
    }

    /** As {@link #of}, of several files. */
    static Map<Path, FileDigest> ofAll(Map<Path, Long> files) throws IOException {
        Map<Path, FileDigest> digests = new LinkedHashMap<>();
        for (Map.Entry<Path, Long> file : files.entrySet()) {
            digests.put(file.getKey(), of(file.getKey(), file.getValue()));
        }
        return digests;
    }
}
