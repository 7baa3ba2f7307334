package io.rankstream.job.decode.avro;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.Decoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.util.Utf8;

/**
 * Avro's binary decoder over one record, made safe for hostile bytes: it allocates no more than the
 * record has left, walks through no more items than the record has bytes, never goes back, and
 * accepts no malformed UTF-8 (Avro itself allocates what a length claims, skips backwards where a
 * size is negative, and replaces what is malformed).
 *
 * <p>For one record only. A decoder that goes from record to record can carry the bytes of a
 * corrupt one into the next.
 */
public final class StrictDecoder extends Decoder {

    /** Values without bytes that any record may have; and more by its length. */
    private static final long FREE_EMPTIES = 10_000;

    private static final long EMPTIES_PER_BYTE = 16;

    private final BinaryDecoder in;
    private long itemsLeft;
    private long emptiesLeft;

    private StrictDecoder(byte[] bytes, int offset) {
        int length = bytes.length - offset;
        this.in = DecoderFactory.get().binaryDecoder(bytes, offset, length, null);
        this.itemsLeft = length;
        this.emptiesLeft = FREE_EMPTIES + EMPTIES_PER_BYTE * length;
    }

    /** Decoder of what follows {@code offset}. */
    public static StrictDecoder of(byte[] bytes, int offset) {
        return new StrictDecoder(bytes, offset);
    }

    /** Bytes that were not read. */
    public int remaining() throws IOException {
        return in.inputStream().available();
    }

    @Override
    public Utf8 readString(Utf8 old) throws IOException {
        return new Utf8(readString());
    }

    @Override
    public String readString() throws IOException {
        return text(take());
    }

    @Override
    public void skipString() throws IOException {
        in.skipFixed(length());
    }

    @Override
    public ByteBuffer readBytes(ByteBuffer old) throws IOException {
        return ByteBuffer.wrap(take());
    }

    @Override
    public void skipBytes() throws IOException {
        in.skipFixed(length());
    }

    @Override
    public long readArrayStart() throws IOException {
        return readBlock();
    }

    @Override
    public long arrayNext() throws IOException {
        return readBlock();
    }

    @Override
    public long skipArray() throws IOException {
        return skipBlocks();
    }

    @Override
    public long readMapStart() throws IOException {
        return readBlock();
    }

    @Override
    public long mapNext() throws IOException {
        return readBlock();
    }

    @Override
    public long skipMap() throws IOException {
        return skipBlocks();
    }

    @Override
    public void readNull() throws IOException {
        in.readNull();
    }

    @Override
    public boolean readBoolean() throws IOException {
        return in.readBoolean();
    }

    @Override
    public int readInt() throws IOException {
        return in.readInt();
    }

    @Override
    public long readLong() throws IOException {
        return in.readLong();
    }

    @Override
    public float readFloat() throws IOException {
        return in.readFloat();
    }

    @Override
    public double readDouble() throws IOException {
        return in.readDouble();
    }

    @Override
    public void readFixed(byte[] bytes, int start, int length) throws IOException {
        in.readFixed(bytes, start, length);
    }

    /** The next {@code length} bytes, which a hostile schema may say to be many. */
    byte[] readFixed(int length) throws IOException {
        if (length > remaining()) {
            throw new EOFException(
                    "%d bytes are expected where %d are left".formatted(length, remaining()));
        }
        byte[] bytes = new byte[length];
        in.readFixed(bytes);
        return bytes;
    }

    @Override
    public void skipFixed(int length) throws IOException {
        if (length < 0) {
            throw new AvroRuntimeException("a length of %d bytes".formatted(length));
        }
        in.skipFixed(length);
    }

    @Override
    public int readEnum() throws IOException {
        return in.readEnum();
    }

    @Override
    public int readIndex() throws IOException {
        return in.readIndex();
    }

    /**
     * Notes a value that took no bytes. A schema of some lines may say that there are more of them
     * than anyone can walk through.
     */
    void countEmpty() {
        emptiesLeft--;
        if (emptiesLeft < 0) {
            throw new AvroRuntimeException("too many values that take no bytes");
        }
    }

    /** Items in the next block of an array or a map; 0 at its end. */
    private long readBlock() throws IOException {
        long items = in.readLong();
        if (items < 0) {
            length(); // of the block; its items are read one by one
            items = -items; // which leaves the smallest number negative
        }
        return counted(items);
    }

    /** Items in the next block that does not name its size, behind those that do. */
    private long skipBlocks() throws IOException {
        long items = in.readLong();
        while (items < 0) {
            counted(-items);
            in.skipFixed(length());
            items = in.readLong();
        }
        return counted(items);
    }

    private byte[] take() throws IOException {
        byte[] bytes = new byte[length()];
        in.readFixed(bytes);
        return bytes;
    }

    private int length() throws IOException {
        long claimed = in.readLong();
        int left = remaining();
        if (claimed < 0 || claimed > left) {
            throw new EOFException(
                    "a length of %d bytes where %d are left".formatted(claimed, left));
        }
        return (int) claimed;
    }

    private long counted(long items) {
        itemsLeft -= items;
        if (items < 0 || itemsLeft < 0) {
            throw new AvroRuntimeException("a list of more items than the record has bytes");
        }
        return items;
    }

    private static String text(byte[] bytes) throws IOException {
        return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    }
}
