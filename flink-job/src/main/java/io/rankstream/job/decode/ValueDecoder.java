package io.rankstream.job.decode;

import io.rankstream.adapters.state.AdapterId;
import io.rankstream.adapters.text.Excerpt;
import io.rankstream.job.decode.avro.DecodeResult;
import io.rankstream.job.decode.avro.DecodeResult.Decoded;
import io.rankstream.job.decode.avro.DecodeResult.Refused;
import io.rankstream.job.decode.avro.FieldValues;
import io.rankstream.job.decode.avro.NeededField;
import io.rankstream.job.decode.avro.Problems;
import io.rankstream.job.decode.avro.RecordReader;
import io.rankstream.job.decode.avro.RetryClock;
import io.rankstream.job.decode.avro.SchemaLookup;
import io.rankstream.job.decode.avro.StrictDecoder;
import io.rankstream.job.decode.avro.ValueReaders;
import io.rankstream.job.record.Frame;
import io.rankstream.job.record.RawRecord;
import io.rankstream.job.registry.RegistryException;
import io.rankstream.job.registry.SchemaKey;
import io.rankstream.job.registry.UnknownSchemaException;
import io.rankstream.schemas.DeadLetterReason;
import java.time.Duration;
import java.util.List;

/**
 * Turns Avro records whose schema is in a registry into values. Confined to one thread.
 *
 * @param <T> type of the values
 */
abstract class ValueDecoder<T> implements RecordDecoder<T> {

    /** Field that names the adapter, in every value. */
    static final String ADAPTER_ID = "adapterId";

    private final String type;
    private final ValueReaders readers;

    /**
     * @param type name of the values, for messages
     * @param needed fields that they consist of, {@link #ADAPTER_ID} among them
     */
    ValueDecoder(
            String type,
            List<NeededField> needed,
            SchemaLookup lookup,
            Duration outageTimeout,
            RetryClock clock) {
        this.type = type;
        this.readers = new ValueReaders(needed, lookup, outageTimeout, clock);
    }

    /** Adds what is wrong with the fields beside their types; one that is not there is null. */
    abstract void check(FieldValues read, Problems problems);

    /** The value of fields that are all as they should be. */
    abstract T value(RawRecord raw, FieldValues read);

    @Override
    public DecodeResult<T> decode(RawRecord raw) throws RegistryException, InterruptedException {
        Frame frame = Frame.of(raw);
        if (frame instanceof Frame.Framed framed) {
            return decode(raw, framed);
        }
        Frame.Broken broken = (Frame.Broken) frame;
        return new Refused<>(broken.reason(), broken.message());
    }

    private DecodeResult<T> decode(RawRecord raw, Frame.Framed frame)
            throws RegistryException, InterruptedException {
        if (frame.schema() instanceof SchemaKey.Id named && named.id() < 0) {
            // Not asked for: what a registry answers to an impossible id is not defined.
            return new Refused<>(
                    DeadLetterReason.UNKNOWN_SCHEMA,
                    "schema id %d is negative, expected one of the registry".formatted(named.id()));
        }
        RecordReader reader;
        try {
            reader = readers.reader(frame.schema());
        } catch (UnknownSchemaException e) {
            return new Refused<>(DeadLetterReason.UNKNOWN_SCHEMA, e.getMessage());
        }
        Problems problems = new Problems();
        FieldValues read = reader.read(StrictDecoder.of(raw.value(), frame.bodyStart()), problems);
        String adapterId = checkedAdapterId(read.text(ADAPTER_ID), problems);
        check(read, problems);
        return problems.isEmpty()
                ? new Decoded<>(value(raw, read))
                : problems.refused(
                        adapterId,
                        "the body cannot be read with %s as a %s: "
                                .formatted(frame.schema(), type));
    }

    /** {@code adapterId}, or null if there is none that is valid, which is a problem. */
    static String checkedAdapterId(String adapterId, Problems problems) {
        if (adapterId == null || AdapterId.isValid(adapterId)) {
            return adapterId;
        }
        problems.add(
                DeadLetterReason.INVALID_ADAPTER_ID,
                "adapter id is %s, expected %s".formatted(Excerpt.of(adapterId), AdapterId.RULE));
        return null;
    }
}
