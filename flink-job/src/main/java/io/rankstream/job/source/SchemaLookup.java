package io.rankstream.job.source;

import io.rankstream.job.registry.RegistryException;
import io.rankstream.job.registry.UnknownSchemaException;
import org.apache.avro.Schema;

/** One attempt to find a schema by its id. */
@FunctionalInterface
interface SchemaLookup {

    Schema schema(int id) throws RegistryException, UnknownSchemaException;
}
