package io.rankstream.job.source;

import io.rankstream.adapters.state.AdapterId;
import io.rankstream.job.registry.RegistryException;
import io.rankstream.job.registry.UnknownSchemaException;
import io.rankstream.job.registry.WireFormat;
import io.rankstream.job.source.DecodeResult.Decoded;
import io.rankstream.job.source.DecodeResult.Refused;
import io.rankstream.schemas.DeadLetterReason;
import io.rankstream.schemas.LabeledExample;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import org.apache.avro.io.DatumReader;

/** Turns records into examples. Confined to one thread. */
final class ExampleDecoder {

    private final ExampleReaders readers;

    ExampleDecoder(ExampleReaders readers) {
        this.readers = readers;
    }

    /**
     * Decodes {@code raw}; no content of it makes this fail.
     *
     * @throws RegistryException when the registry stayed unreachable for the outage timeout
     * @throws InterruptedException while waiting for it
     */
    DecodeResult decode(RawRecord raw) throws RegistryException, InterruptedException {
        byte[] value = raw.value();
        if (value == null) {
            return new Refused(
                    DeadLetterReason.NULL_VALUE, "the value is null, expected an example");
        }
        if (value.length > 0 && value[0] != WireFormat.MAGIC) {
            return new Refused(
                    DeadLetterReason.BAD_MAGIC,
                    "the value starts with byte 0x%02x, expected 0x00 of Confluent's wire format"
                            .formatted(value[0]));
        }
        if (value.length < WireFormat.HEADER_BYTES) {
            return new Refused(
                    DeadLetterReason.TRUNCATED_FRAME,
                    "the value has %d bytes, expected at least the %d of the wire format's header"
                            .formatted(value.length, WireFormat.HEADER_BYTES));
        }
        return decodeBody(raw, WireFormat.schemaId(value).getAsInt());
    }

    private DecodeResult decodeBody(RawRecord raw, int schemaId)
            throws RegistryException, InterruptedException {
        if (schemaId < 0) {
            // Not asked for: what a registry answers to an impossible id is not defined.
            return new Refused(
                    DeadLetterReason.UNKNOWN_SCHEMA,
                    "schema id %d is negative, expected one of the registry".formatted(schemaId));
        }
        try {
            return read(raw, schemaId, readers.reader(schemaId));
        } catch (UnknownSchemaException e) {
            return new Refused(DeadLetterReason.UNKNOWN_SCHEMA, e.getMessage());
        }
    }

    private static DecodeResult read(
            RawRecord raw, int schemaId, DatumReader<LabeledExample> reader) {
        StrictDecoder body = StrictDecoder.ofTexts(raw.value(), WireFormat.HEADER_BYTES);
        LabeledExample read;
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
                ? example(raw, read)
                : undecodable(schemaId, trailing + " bytes follow the example");
    }

    private static DecodeResult example(RawRecord raw, LabeledExample read) {
        String adapterId = read.getAdapterId();
        if (!AdapterId.isValid(adapterId)) {
            return new Refused(
                    DeadLetterReason.INVALID_ADAPTER_ID,
                    "adapter id is %s, expected %s"
                            .formatted(Excerpt.of(adapterId), AdapterId.RULE));
        }
        return new Decoded(
                new Example(
                        read.getExampleId(),
                        adapterId,
                        read.getText(),
                        read.getLabel(),
                        read.getEventTime().toEpochMilli(),
                        raw));
    }

    private static Refused undecodable(int schemaId, String why) {
        return new Refused(
                DeadLetterReason.UNDECODABLE,
                "the body cannot be read with schema %d as a LabeledExample: %s"
                        .formatted(schemaId, why));
    }
}
