package io.rankstream.job.record;

import io.rankstream.job.registry.WireFormat;
import io.rankstream.schemas.LabeledExample;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.function.Consumer;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;

/** Records as producers write them, for tests. */
public final class Records {

    public static final int SCHEMA_ID = 7;
    private static final byte[] KEY = {1, 2, 3};

    private Records() {}

    public static byte[] key() {
        return KEY.clone();
    }

    public static LabeledExample example() {
        return new LabeledExample(
                "e-1",
                "spam",
                "Grüße aus 東京 🙂",
                "ham",
                Instant.ofEpochMilli(1_000_000_007),
                null,
                null,
                0L,
                null,
                true);
    }

    public static byte[] valid() {
        return WireFormat.encode(SCHEMA_ID, example());
    }

    public static RawRecord raw(byte[] value) {
        return new RawRecord("labeled-examples", 3, 41, key(), value);
    }

    /** Wire format around a body that is written primitive by primitive. */
    public static byte[] framed(int schemaId, Consumer<Body> writes) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.write(WireFormat.MAGIC);
        bytes.writeBytes(ByteBuffer.allocate(Integer.BYTES).putInt(schemaId).array());
        writes.accept(new Body(bytes, EncoderFactory.get().directBinaryEncoder(bytes, null)));
        return bytes.toByteArray();
    }

    public static byte[] framed(int schemaId, Schema writer, GenericRecord record) {
        return framed(schemaId, body -> body.datum(writer, record));
    }

    /** Avro primitives in a row. */
    public record Body(ByteArrayOutputStream out, BinaryEncoder encoder) {

        public Body text(String value) {
            return attempt(() -> encoder.writeString(value));
        }

        public Body number(long value) {
            return attempt(() -> encoder.writeLong(value));
        }

        public Body append(byte... bytes) {
            out.writeBytes(bytes);
            return this;
        }

        public Body datum(Schema writer, GenericRecord record) {
            return attempt(() -> new GenericDatumWriter<>(writer).write(record, encoder));
        }

        private Body attempt(Write write) {
            try {
                write.run();
                return this;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private interface Write {
            void run() throws IOException;
        }
    }
}
