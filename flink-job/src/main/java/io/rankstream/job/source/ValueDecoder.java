package io.rankstream.job.source;

import io.rankstream.adapters.state.AdapterId;
import io.rankstream.job.registry.RegistryException;
import io.rankstream.job.registry.UnknownSchemaException;
import io.rankstream.job.registry.WireFormat;
import io.rankstream.job.source.DecodeResult.Decoded;
import io.rankstream.job.source.DecodeResult.Refused;
import io.rankstream.schemas.DeadLetterReason;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.time.Duration;
import org.apache.avro.io.DatumReader;
import org.apache.avro.specific.SpecificRecord;

/**
 * Turns records in Confluent's wire format into values. Confined to one thread.
 *
 * @param <V> generated class of what producers write
 * @param <T> type of the values
 */
abstract class ValueDecoder<V extends SpecificRecord, T> {

    private final Class<V> type;
    private final ValueReaders<V> readers;

    ValueDecoder(Class<V> type, SchemaLookup lookup, Duration outageTimeout, RetryClock clock) {
        this.type = type;
        this.readers = new ValueReaders<>(type, lookup, outageTimeout, clock);
    }

    /** Id of the adapter that {@code read} is for. */
    abstract String adapterId(V read);

    /** The value in {@code read}, whose adapter id is valid. */
    abstract T value(RawRecord raw, V read);

    /**
     * Decodes {@code raw}; no content of it makes this fail.
     *
     * @throws RegistryException when the registry stayed unreachable for the outage timeout
     * @throws InterruptedException while waiting for it
     */
    DecodeResult<T> decode(RawRecord raw) throws RegistryException, InterruptedException {
        byte[] value = raw.value();
        if (value == null) {
            return new Refused<>(
                    DeadLetterReason.NULL_VALUE,
                    "the value is null, expected a " + type.getSimpleName());
        }
        if (value.length > 0 && value[0] != WireFormat.MAGIC) {
            return new Refused<>(
                    DeadLetterReason.BAD_MAGIC,
                    "the value starts with byte 0x%02x, expected 0x00 of Confluent's wire format"
                            .formatted(value[0]));
        }
        if (value.length < WireFormat.HEADER_BYTES) {
            return new Refused<>(
                    DeadLetterReason.TRUNCATED_FRAME,
                    "the value has %d bytes, expected at least the %d of the wire format's header"
                            .formatted(value.length, WireFormat.HEADER_BYTES));
        }
        return decodeBody(raw, WireFormat.schemaId(value).getAsInt());
    }

    private DecodeResult<T> decodeBody(RawRecord raw, int schemaId)
            throws RegistryException, InterruptedException {
        if (schemaId < 0) {
            // Not asked for: what a registry answers to an impossible id is not defined.
            return new Refused<>(
                    DeadLetterReason.UNKNOWN_SCHEMA,
                    "schema id %d is negative, expected one of the registry".formatted(schemaId));
        }
        try {
            return read(raw, schemaId, readers.reader(schemaId));
        } catch (UnknownSchemaException e) {
            return new Refused<>(DeadLetterReason.UNKNOWN_SCHEMA, e.getMessage());
        }
    }

    private DecodeResult<T> read(RawRecord raw, int schemaId, DatumReader<V> reader) {
        StrictDecoder body = StrictDecoder.ofTexts(raw.value(), WireFormat.HEADER_BYTES);
        V read;
        int trailing;
        try {
            read = reader.read(null, body);
            trailing = body.remaining();
        } catch (CharacterCodingException e) {
            return undecodable(schemaId, "a text is not UTF-8");
        } catch (IOException | RuntimeException e) {
            // Avro reports broken input by exceptions of many types.
            return undecodable(schemaId, Excerpt.of(String.valueOf(e.getMessage())));
        }
        return trailing == 0
                ? accept(raw, read)
                : undecodable(schemaId, trailing + " bytes follow its end");
    }

    private DecodeResult<T> accept(RawRecord raw, V read) {
        String adapterId = adapterId(read);
        return AdapterId.isValid(adapterId)
                ? new Decoded<>(value(raw, read))
                : new Refused<>(
                        DeadLetterReason.INVALID_ADAPTER_ID,
                        "adapter id is %s, expected %s"
                                .formatted(Excerpt.of(adapterId), AdapterId.RULE));
    }

    private Refused<T> undecodable(int schemaId, String why) {
        return new Refused<>(
                DeadLetterReason.UNDECODABLE,
                "the body cannot be read with schema %d as a %s: %s"
                        .formatted(schemaId, type.getSimpleName(), why));
    }
}
