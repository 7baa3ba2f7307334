package io.rankstream.job.decode.avro;

import io.rankstream.job.registry.RegistryException;
import io.rankstream.job.registry.SchemaKey;
import io.rankstream.job.registry.UnknownSchemaException;
import org.apache.avro.Schema;

/** One attempt to find a schema by its key. */
@FunctionalInterface
public interface SchemaLookup {

    Schema schema(SchemaKey key) throws RegistryException, UnknownSchemaException;
}
