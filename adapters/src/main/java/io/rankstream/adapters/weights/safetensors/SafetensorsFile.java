package io.rankstream.adapters.weights.safetensors;

import io.rankstream.adapters.files.Leftover;
import io.rankstream.adapters.files.RegularFile;
import io.rankstream.adapters.weights.FloatSink;
import io.rankstream.adapters.weights.Weights;
import java.io.Closeable;
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
 * A safetensors file that is open for reading, on disk or in memory. The header is read and checked
 * at once, tensors when asked for. Nothing in such a file can be executed. Not thread-safe.
 *
 * <p>Our own since the JVM has no well-kept library for the format.
 */
public final class SafetensorsFile implements Weights {

    /** Longest header that the format's reference implementation reads. */
    private static final long MAX_HEADER_LENGTH = 100_000_000;

    /** Values that are read at once. */
    private static final int BLOCK_FLOATS = 256 * 1024;

    private final String origin;
    private final Content content;
    private final long dataStart;
    private final Header header;

    /** Bytes of the file, wherever they are. */
    private interface Content extends Closeable {

        long size() throws IOException;

        /** Fills {@code buffer} from {@code offset} on; negative at the end. */
        int read(ByteBuffer buffer, long offset) throws IOException;
    }

    private record OnDisk(FileChannel channel) implements Content {

        @Override
        public long size() throws IOException {
            return channel.size();
        }

        @Override
        public int read(ByteBuffer buffer, long offset) throws IOException {
            return channel.read(buffer, offset);
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }

    private record InMemory(byte[] bytes) implements Content {

        @Override
        public long size() {
            return bytes.length;
        }

        @Override
        public int read(ByteBuffer buffer, long offset) {
            int count = buffer.remaining();
            buffer.put(bytes, (int) offset, count);
            return count;
        }

        @Override
        public void close() {}
    }

    private SafetensorsFile(String origin, Content content, long dataStart, Header header) {
        this.origin = origin;
        this.content = content;
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
        RegularFile.require(path);
        Content content = new OnDisk(FileChannel.open(path, StandardOpenOption.READ));
        try {
            return read(path.toString(), content);
        } catch (IOException | RuntimeException e) {
            content.close();
            throw e;
        }
    }

    /**
     * A file that was read already.
     *
     * @param bytes its content
     * @param origin where it was read, for messages
     * @throws SafetensorsException if the file breaks the format
     */
    public static SafetensorsFile of(byte[] bytes, String origin) throws IOException {
        return read(origin, new InMemory(bytes));
    }

    private static SafetensorsFile read(String origin, Content content) throws IOException {
        long size = content.size();
        if (size < Long.BYTES) {
            throw notTheFile(
                    origin,
                    content,
                    size,
                    "has " + size + " bytes, expected a header of 8 bytes and more");
        }
        long length = bytes(origin, content, 0, Long.BYTES).getLong();
        if (length < 2 || length > MAX_HEADER_LENGTH || length > size - Long.BYTES) {
            throw notTheFile(
                    origin,
                    content,
                    size,
                    "claims a header of "
                            + Long.toUnsignedString(length)
                            + " bytes, expected 2 to "
                            + Math.min(MAX_HEADER_LENGTH, size - Long.BYTES));
        }
        long dataStart = Long.BYTES + length;
        byte[] json = bytes(origin, content, Long.BYTES, (int) length).array();
        Header header = Header.parse(json, size - dataStart, origin);
        return new SafetensorsFile(origin, content, dataStart, header);
    }

    /**
     * Says what the file is instead, if that is known.
     *
     * @param fault what is wrong with it as safetensors
     */
    private static SafetensorsException notTheFile(
            String origin, Content content, long size, String fault) throws IOException {
        byte[] head = bytes(origin, content, 0, (int) Math.min(size, Leftover.HEAD)).array();
        return new SafetensorsException(origin + " " + Leftover.in(head, size).orElse(fault));
    }

    /** Names of the tensors, in the order of the header. */
    @Override
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
    @Override
    public long[] shape(String name) {
        return entry(name).shape().clone();
    }

    /** F16 and BF16 are widened, which loses nothing. */
    @Override
    public void read(String name, FloatSink sink) throws IOException {
        TensorEntry entry = entry(name);
        FloatDecoder decoder = decoder(name, entry);
        long left = (entry.end() - entry.begin()) / decoder.bytes();
        float[] values = new float[(int) Math.min(left, BLOCK_FLOATS)];
        ByteBuffer block =
                ByteBuffer.allocate(values.length * decoder.bytes()).order(ByteOrder.LITTLE_ENDIAN);
        for (long at = dataStart + entry.begin(); left > 0; left -= values.length) {
            int count = (int) Math.min(left, values.length);
            block.clear().limit(count * decoder.bytes());
            fill(origin, content, at, block);
            decoder.decode(block.flip(), values, count);
            sink.next(values, count);
            at += (long) count * decoder.bytes();
        }
    }

    /**
     * Values of one tensor, row-major.
     *
     * @throws NoSuchElementException if there is no such tensor
     * @throws SafetensorsException if its elements are not F32, F16 or BF16, or are too many for an
     *     array
     */
    public float[] floats(String name) throws IOException {
        TensorEntry entry = entry(name);
        long count = (entry.end() - entry.begin()) / decoder(name, entry).bytes();
        if (count > Integer.MAX_VALUE - Long.BYTES) {
            throw new SafetensorsException(
                    "the tensor '%s' of %s holds %d values, expected some that fit an array"
                            .formatted(name, origin, count));
        }
        float[] all = new float[(int) count];
        int[] filled = {0};
        read(
                name,
                (values, some) -> {
                    System.arraycopy(values, 0, all, filled[0], some);
                    filled[0] += some;
                });
        return all;
    }

    /**
     * Values of one tensor of whole numbers, row-major.
     *
     * @throws NoSuchElementException if there is no such tensor
     * @throws SafetensorsException if its elements are not I32, or are too many for an array
     */
    public int[] ints(String name) throws IOException {
        TensorEntry entry = entry(name);
        long bytes = entry.end() - entry.begin();
        if (entry.type() != ElementType.I32 || bytes > Integer.MAX_VALUE - Long.BYTES) {
            throw new SafetensorsException(
                    "the tensor '%s' of %s holds %d bytes of %s, expected I32 that fit an array"
                            .formatted(name, origin, bytes, entry.type()));
        }
        int[] values = new int[(int) bytes / Integer.BYTES];
        bytes(origin, content, dataStart + entry.begin(), (int) bytes)
                .order(ByteOrder.LITTLE_ENDIAN)
                .asIntBuffer()
                .get(values);
        return values;
    }

    private FloatDecoder decoder(String name, TensorEntry entry) throws SafetensorsException {
        FloatDecoder decoder = FloatDecoder.of(entry.type());
        if (decoder == null) {
            throw new SafetensorsException(
                    "the tensor '%s' of %s holds elements of %s, expected F32, F16 or BF16"
                            .formatted(name, origin, entry.type()));
        }
        return decoder;
    }

    @Override
    public String origin(String name) {
        return origin;
    }

    @Override
    public void close() throws IOException {
        content.close();
    }

    private TensorEntry entry(String name) {
        TensorEntry entry = header.tensors().get(name);
        if (entry == null) {
            throw new NoSuchElementException(origin + " holds no tensor '" + name + "'");
        }
        return entry;
    }

    private static ByteBuffer bytes(String origin, Content content, long offset, int length)
            throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
        fill(origin, content, offset, buffer);
        return buffer.flip();
    }

    private static void fill(String origin, Content content, long offset, ByteBuffer buffer)
            throws IOException {
        int end = buffer.limit();
        while (buffer.hasRemaining()) {
            if (content.read(buffer, offset + buffer.position()) < 0) {
                throw new SafetensorsException(
                        origin
                                + " ends at byte "
                                + (offset + buffer.position())
                                + ", expected "
                                + (offset + end)
                                + ": it became shorter while it was read");
            }
        }
    }
}
