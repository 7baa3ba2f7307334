package io.rankstream.job.state;

import java.io.IOException;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** Form of bytes that belong together in state: their number, the bytes, and their CRC32C. */
final class ByteBlock {

    private static final int MOST_BYTES = 1 << 28;

    private ByteBlock() {}

    static void write(byte[] bytes, DataOutputView target) throws IOException {
        target.writeInt(bytes.length);
        target.write(bytes);
        target.writeInt(FloatBlock.checksum(bytes));
    }

    /**
     * Reads what {@link #write} wrote.
     *
     * @param what the block's name in an error message
     * @throws IOException if the block is damaged
     */
    static byte[] read(String what, DataInputView source) throws IOException {
        int length = source.readInt();
        if (length < 0 || length > MOST_BYTES) {
            throw new IOException(
                    "%s: the block says that it holds %d bytes, expected %d at most: this state is damaged, restore from another checkpoint or savepoint"
                            .formatted(what, length, MOST_BYTES));
        }
        byte[] bytes = new byte[length];
        source.readFully(bytes);
        FloatBlock.requireChecksum(what, source.readInt(), FloatBlock.checksum(bytes));
        return bytes;
    }
}
