package io.rankstream.job.state;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.zip.CRC32C;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * Form of a float array in state: its length, its floats as one contiguous little-endian block, and
 * the CRC32C of that block. Every bit is kept, those of NaNs included. The block goes through a
 * small buffer, so that writing an adapter never doubles it in memory.
 */
final class FloatBlock {

    private static final int BUFFER_FLOATS = 16 * 1024;

    private FloatBlock() {}

    static void write(float[] values, DataOutputView target) throws IOException {
        byte[] bytes = buffer(values.length);
        FloatBuffer floats = floats(bytes);
        CRC32C checksum = new CRC32C();
        target.writeInt(values.length);
        for (int from = 0; from < values.length; from += BUFFER_FLOATS) {
            int count = Math.min(BUFFER_FLOATS, values.length - from);
            floats.put(0, values, from, count);
            checksum.update(bytes, 0, count * Float.BYTES);
            target.write(bytes, 0, count * Float.BYTES);
        }
        target.writeInt((int) checksum.getValue());
    }

    /**
     * Reads what {@link #write} wrote.
     *
     * @param what the array's name in an error message
     * @param expected number of floats that the rest of the value asks for
     * @throws IOException if the block is damaged
     */
    static float[] read(String what, int expected, DataInputView source) throws IOException {
        int length = source.readInt();
        if (length != expected) {
            throw new IOException(
                    "%s: the block says that it holds %d floats, expected %d: this state is damaged, restore from another checkpoint or savepoint"
                            .formatted(what, length, expected));
        }
        float[] values = new float[length];
        byte[] bytes = buffer(length);
        FloatBuffer floats = floats(bytes);
        CRC32C checksum = new CRC32C();
        for (int from = 0; from < length; from += BUFFER_FLOATS) {
            int count = Math.min(BUFFER_FLOATS, length - from);
            source.readFully(bytes, 0, count * Float.BYTES);
            checksum.update(bytes, 0, count * Float.BYTES);
            floats.get(0, values, from, count);
        }
        requireChecksum(what, source.readInt(), (int) checksum.getValue());
        return values;
    }

    /**
     * Compares a block's checksum.
     *
     * @param what the block's name in an error message
     * @throws IOException if the block is damaged
     */
    static void requireChecksum(String what, int written, int found) throws IOException {
        if (written != found) {
            throw new IOException(
                    "%s: the block's CRC32C is %08x, expected %08x: this state is damaged, restore from another checkpoint or savepoint"
                            .formatted(what, found, written));
        }
    }

    /** CRC32C of bytes that belong together. */
    static int checksum(byte[] bytes) {
        CRC32C checksum = new CRC32C();
        checksum.update(bytes);
        return (int) checksum.getValue();
    }

    private static byte[] buffer(int length) {
        return new byte[Math.min(length, BUFFER_FLOATS) * Float.BYTES];
    }

    private static FloatBuffer floats(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
    }
}
