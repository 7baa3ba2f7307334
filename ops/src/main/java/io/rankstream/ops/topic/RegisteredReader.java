package io.rankstream.ops.topic;

import io.rankstream.job.decode.avro.BoundedBody;
import io.rankstream.job.decode.avro.StrictDecoder;
import io.rankstream.job.registry.RegistryException;
import io.rankstream.job.registry.SchemaRegistry;
import io.rankstream.job.registry.UnknownSchemaException;
import io.rankstream.job.registry.WireFormat;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
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
    private final Map<Integer, Optional<Writer<T>>> writers = new HashMap<>();

    /** A schema that values were written with, and a reader of those. */
    private record Writer<T>(Schema schema, SpecificDatumReader<T> reader) {}

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
        OptionalInt id = WireFormat.schemaId(bytes);
        Optional<Writer<T>> known = id.isEmpty() ? Optional.empty() : writer(id.getAsInt());
        return known.filter(it -> BoundedBody.holds(it.schema(), bytes, WireFormat.HEADER_BYTES))
                .flatMap(writer -> read(writer.reader(), bytes));
    }

    private Optional<T> read(SpecificDatumReader<T> reader, byte[] bytes) {
        try {
            return Optional.of(reader.read(null, StrictDecoder.of(bytes, WireFormat.HEADER_BYTES)));
        } catch (IOException | RuntimeException e) {
            return Optional.empty(); // Avro reports broken input by exceptions of many types
        }
    }

    private Optional<Writer<T>> writer(int schemaId) throws RegistryException {
        Optional<Writer<T>> writer = writers.get(schemaId);
        if (writer == null) {
            writer =
                    schema(schemaId)
                            .filter(BoundedBody::isReadable)
                            .map(schema -> new Writer<>(schema, readerOf(schema)));
            writers.put(schemaId, writer);
        }
        return writer;
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
