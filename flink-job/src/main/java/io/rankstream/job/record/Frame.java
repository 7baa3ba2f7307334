package io.rankstream.job.record;

import io.rankstream.job.registry.SchemaKey;
import io.rankstream.job.registry.WireFormat;
import io.rankstream.schemas.DeadLetterReason;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.UUID;

/**
 * Where a value names its schema: Confluent's serializers do so in front of the body, or in a
 * header of the record.
 */
public sealed interface Frame {

    /** Header that names the schema; the value is the body alone then. */
    String HEADER = "__value_schema_id";

    /**
     * The body and its schema.
     *
     * @param schema schema that it was written with
     * @param bodyStart index of its first byte in the value
     */
    record Framed(SchemaKey schema, int bodyStart) implements Frame {}

    /**
     * No schema is named.
     *
     * @param reason what is wrong
     * @param message what was found and what was expected
     */
    record Broken(DeadLetterReason reason, String message) implements Frame {}

    /** Looks at {@code raw}, without a look into the body. */
    static Frame of(RawRecord raw) {
        if (raw.value() == null) {
            return new Broken(
                    DeadLetterReason.NULL_VALUE, "the value is null, expected an Avro record");
        }
        List<RawHeader> naming =
                raw.headers().stream().filter(header -> header.key().equals(HEADER)).toList();
        return naming.isEmpty()
                ? ofPrefix(raw.value())
                : ofHeader(naming.get(naming.size() - 1).value());
    }

    private static Frame ofHeader(byte[] header) {
        ByteBuffer named = ByteBuffer.wrap(header == null ? new byte[0] : header);
        int kind = named.hasRemaining() ? named.get() : -1;
        if (kind == 0 && named.remaining() == Integer.BYTES) {
            return new Framed(new SchemaKey.Id(named.getInt()), 0);
        }
        if (kind == 1 && named.remaining() == 2 * Long.BYTES) {
            return new Framed(new SchemaKey.Guid(new UUID(named.getLong(), named.getLong())), 0);
        }
        return new Broken(
                DeadLetterReason.BAD_MAGIC,
                "header %s has %s, expected byte 0x00 and an id of 4 bytes, or byte 0x01 and a GUID of 16"
                        .formatted(
                                HEADER,
                                kind < 0
                                        ? "no bytes"
                                        : "byte 0x%02x and %d more"
                                                .formatted(kind, named.remaining())));
    }

    private static Frame ofPrefix(byte[] value) {
        if (value.length > 0 && value[0] != WireFormat.MAGIC) {
            return new Broken(
                    DeadLetterReason.BAD_MAGIC,
                    "the value starts with byte 0x%02x, expected 0x00 of Confluent's wire format, or a header %s"
                            .formatted(value[0], HEADER));
        }
        if (value.length < WireFormat.HEADER_BYTES) {
            return new Broken(
                    DeadLetterReason.TRUNCATED_FRAME,
                    "the value has %d bytes, expected at least the %d of the wire format's header"
                            .formatted(value.length, WireFormat.HEADER_BYTES));
        }
        return new Framed(
                new SchemaKey.Id(WireFormat.schemaId(value).getAsInt()), WireFormat.HEADER_BYTES);
    }
}
