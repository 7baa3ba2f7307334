package io.rankstream.adapters.safetensors;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;

/**
 * A safetensors file that is open for reading. The header is read and checked at once, tensors when
 * asked for. Nothing in such a file can be executed. Not thread-safe.
 *
 * <p>Our own since the JVM has no well-kept library for the format.
 */
public final class SafetensorsFile implements AutoCloseable {

    /** Longest header that the format's reference implementation reads. */
    private static final long MAX_HEADER_LENGTH = 100_000_000;

    private final Path path;
    private final FileChannel channel;
    private final long dataStart;
    private final Header header;

    private SafetensorsFile(Path path, FileChannel channel, long dataStart, Header header) {
        this.path = path;
        this.channel = channel;
        this.dataStart = dataStart;
        this.header = header;
    }

    /**
     * Opens a file and checks its header.
     *
     * @throws SafetensorsException if the file breaks the format
     * @throws IOException if it cannot be read
     */
    public static SafetensorsFile open(Path path) throws IOException {
        FileChannel channel = FileChannel.open(path, StandardOpenOption.READ);
        try {
            return read(path, channel);
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    private static SafetensorsFile read(Path path, FileChannel channel) throws IOException {
        long size = channel.size();
        if (size < Long.BYTES) {
            throw new SafetensorsException(
                    path + " has " + size + " bytes, expected a header of 8 bytes and more");
        }
        long length = bytes(path, channel, 0, Long.BYTES).getLong();
        if (length < 2 || length > MAX_HEADER_LENGTH || length > size - Long.BYTES) {
            throw new SafetensorsException(
                    path
                            + " claims a header of "
                            + Long.toUnsignedString(length)
                            + " bytes, expected 2 to "
                            + Math.min(MAX_HEADER_LENGTH, size - Long.BYTES));
        }
        long dataStart = Long.BYTES + length;
        byte[] json = bytes(path, channel, Long.BYTES, (int) length).array();
        Header header = Header.parse(json, size - dataStart, path.toString());
        return new SafetensorsFile(path, channel, dataStart, header);
    }

    /** Names of the tensors, in the order of the header. */
    public Set<String> names() {
        return header.tensors().keySet();
    }

    /** Free text that its writer added. */
    public Map<String, String> metadata() {
        return header.metadata();
    }

    /**
     * Shape of one tensor.
     *
     * @throws NoSuchElementException if there is no such tensor
     */
    public long[] shape(String name) {
        return entry(name).shape().clone();
    }

    /**
     * Values of one tensor, row-major; F16 and BF16 are widened, which loses nothing.
     *
     * @throws NoSuchElementException if there is no such tensor
     * @throws SafetensorsException if its elements are not F32, F16 or BF16, or are too many for an
     *     array
     */
    public float[] floats(String name) throws IOException {
        TensorEntry entry = entry(name);
        FloatDecoder decoder = FloatDecoder.of(entry.type());
        long length = entry.end() - entry.begin();
        if (decoder == null || length > Integer.MAX_VALUE - Long.BYTES) {
            throw new SafetensorsException(
                    "the tensor '"
                            + name
                            + "' of "
                            + path
                            + " holds "
                            + length
                            + " bytes of "
                            + entry.type()
                            + ", expected F32, F16 or BF16 of less than 2 GiB");
        }
        return decoder.decode(bytes(path, channel, dataStart + entry.begin(), (int) length));
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    private TensorEntry entry(String name) {
        TensorEntry entry = header.tensors().get(name);
        if (entry == null) {
            throw new NoSuchElementException(path + " holds no tensor '" + name + "'");
        }
        return entry;
    }

    private static ByteBuffer bytes(Path path, FileChannel channel, long offset, int length)
            throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
        while (buffer.hasRemaining()) {
            if (channel.read(buffer, offset + buffer.position()) < 0) {
                throw new SafetensorsException(
                        path
                                + " ends at byte "
                                + (offset + buffer.position())
                                + ", expected "
                                + (offset + length)
                                + ": it became shorter while it was read");
            }
        }
        return buffer.flip();
    }
}
