package io.rankstream.job.registry;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.OptionalInt;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DatumReader;
import org.apache.avro.io.DatumWriter;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificDatumWriter;
import org.apache.avro.specific.SpecificRecordBase;

/**
 * Confluent's wire format: a zero byte, the schema id as four bytes (big-endian), the Avro body.
 * Thread-safe.
 */
public final class WireFormat {

    /** First byte of every value. */
    public static final byte MAGIC = 0x0;

    /** Bytes in front of the body. */
    public static final int HEADER_BYTES = 1 + Integer.BYTES;

    private WireFormat() {}

    /**
     * Value that carries {@code message}, written with the schema that the registry knows by id.
     */
    public static byte[] encode(int schemaId, SpecificRecordBase message) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes(ByteBuffer.allocate(HEADER_BYTES).put(MAGIC).putInt(schemaId).array());
        DatumWriter<SpecificRecordBase> writer =
                new SpecificDatumWriter<>(message.getSchema(), message.getSpecificData());
        BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(bytes, null);
        try {
            writer.write(message, encoder);
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory failed", e);
        }
        return bytes.toByteArray();
    }

    /**
     * Message in {@code value}, which this release wrote: its header is not looked at, and its
     * lengths are taken for true.
     *
     * @param reader reader of the schema that it was written with
     * @throws IOException if the body is not that of such a message
     */
    public static <T> T decode(byte[] value, DatumReader<T> reader) throws IOException {
        int body = value.length - HEADER_BYTES;
        return reader.read(
                null, DecoderFactory.get().binaryDecoder(value, HEADER_BYTES, body, null));
    }

    /** Schema id in the header of {@code value}; empty when there is no header or no value. */
    public static OptionalInt schemaId(byte[] value) {
        if (value == null || value.length < HEADER_BYTES || value[0] != MAGIC) {
            return OptionalInt.empty();
        }
        return OptionalInt.of(ByteBuffer.wrap(value).getInt(1));
    }
}
