package io.rankstream.job.checkpoint;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32C;

/**
 * Digests of all files of a checkpoint or savepoint, by name. They stand behind Flink's metadata,
 * in the same file, which Flink reads to its own end and no further: so they are there as soon as
 * the checkpoint is complete, are moved and deleted with it, and cover the metadata too.
 *
 * @param metadataLength bytes of the metadata before them
 * @param byName digest by name of the file; Flink names each uniquely
 */
record FileDigests(int metadataLength, Map<String, FileDigest> byName) {

    private static final byte[] MARK = "RSDIGEST".getBytes(StandardCharsets.US_ASCII);
    private static final int FORMAT = 1;
    private static final int TAIL = Integer.BYTES + MARK.length;

    FileDigests {
        byName = Map.copyOf(byName);
    }

    /** What is put behind {@code metadata}: what they are, their own checksum, length and mark. */
    static byte[] behind(byte[] metadata, Map<String, FileDigest> byName) throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(body);
        out.writeByte(FORMAT);
        out.writeInt(metadata.length);
        out.writeInt(checksum(metadata, metadata.length));
        out.writeInt(byName.size());
        for (Map.Entry<String, FileDigest> file : byName.entrySet()) {
            out.writeUTF(file.getKey());
            out.writeLong(file.getValue().length());
            out.writeInt(file.getValue().crc32c());
        }
        out.writeInt(checksum(body.toByteArray(), body.size()));
        int length = body.size();
        out.writeInt(length);
        out.write(MARK);
        return body.toByteArray();
    }

    /** Whether a metadata file has them at its end. */
    static boolean areIn(byte[] file) {
        return file.length >= TAIL
                && Arrays.equals(
                        file, file.length - MARK.length, file.length, MARK, 0, MARK.length);
    }

    /**
     * Reads them from the end of a metadata file that has them.
     *
     * @throws IOException if they, or the metadata, are not what was written
     */
    static FileDigests in(byte[] file) throws IOException {
        int tail = file.length - TAIL;
        int length = ByteBuffer.wrap(file, tail, Integer.BYTES).getInt();
        if (length <= 0 || length > tail) {
            throw new IOException("their length is not what was written");
        }
        byte[] body = Arrays.copyOfRange(file, tail - length, tail);
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(body));
        if (in.readByte() != FORMAT) {
            throw new IOException("they are of a newer format, or not what was written");
        }
        int metadataLength = in.readInt();
        int metadata = in.readInt();
        Map<String, FileDigest> byName = new LinkedHashMap<>();
        for (int left = in.readInt(); left > 0; left--) {
            byName.put(in.readUTF(), new FileDigest(in.readLong(), in.readInt()));
        }
        int own = checksum(body, body.length - in.available());
        if (own != in.readInt()
                || metadataLength != tail - length
                || metadata != checksum(file, metadataLength)) {
            throw new IOException("they do not match");
        }
        return new FileDigests(metadataLength, byName);
    }

    private static int checksum(byte[] bytes, int length) {
        CRC32C checksum = new CRC32C();
        checksum.update(bytes, 0, length);
        return (int) checksum.getValue();
    }
}
