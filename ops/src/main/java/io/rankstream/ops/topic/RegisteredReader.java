package io.rankstream.ops.topic;

import io.rankstream.job.registry.RegistryException;
import io.rankstream.job.registry.SchemaRegistry;
import io.rankstream.job.registry.UnknownSchemaException;
import io.rankstream.job.registry.WireFormat;
import io.rankstream.job.source.StrictDecoder;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificDatumReader;
import org.apache.avro.specific.SpecificRecordBase;

/**
 * Reads values in Confluent's wire format that any release may have written, with the schema that
 * the registry knows. For use by one thread.
 *
 * @param <T> generated class of the values
 */
public final class RegisteredReader<T extends SpecificRecordBase> {

    private final SchemaRegistry registry;
    private final Class<T> type;
    private final Map<Integer, Optional<SpecificDatumReader<T>>> readers = new HashMap<>();

    /** A reader that asks {@code registry} for each schema once. */
    public RegisteredReader(SchemaRegistry registry, Class<T> type) {
        this.registry = registry;
        this.type = type;
    }

    /**
     * The value in {@code bytes}; empty if they hold none, whatever they are.
     *
     * @throws RegistryException if the registry does not answer
     */
    public Optional<T> read(byte[] bytes) throws RegistryException {
        if (WireFormat.schemaId(bytes).isEmpty()) {
            return Optional.empty();
        }
        Optional<SpecificDatumReader<T>> reader = reader(WireFormat.schemaId(bytes).getAsInt());
        if (reader.isEmpty()) {
            return Optional.empty();
        }
        StrictDecoder body = StrictDecoder.of(bytes, WireFormat.HEADER_BYTES);
        try {
            T value = reader.get().read(null, body);
            return body.remaining() == 0 ? Optional.of(value) : Optional.empty();
        } catch (IOException | RuntimeException e) {
            return Optional.empty(); // Avro reports broken input by exceptions of many types
        }
    }

    private Optional<SpecificDatumReader<T>> reader(int schemaId) throws RegistryException {
        Optional<SpecificDatumReader<T>> reader = readers.get(schemaId);
        if (reader == null) {
            reader = schema(schemaId).map(this::readerOf);
            readers.put(schemaId, reader);
        }
        return reader;
    }

    private Optional<Schema> schema(int id) throws RegistryException {
        if (id < 0) {
            return Optional.empty(); // what a registry answers to an impossible id is not defined
        }
        try {
            return Optional.of(registry.schema(id));
        } catch (UnknownSchemaException e) {
            return Optional.empty();
        }
    }

    private SpecificDatumReader<T> readerOf(Schema writer) {
        SpecificDatumReader<T> reader = new SpecificDatumReader<>(type);
        reader.setSchema(writer);
        return reader;
    }
}
