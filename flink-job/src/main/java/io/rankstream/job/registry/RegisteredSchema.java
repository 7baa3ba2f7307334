package io.rankstream.job.registry;

import org.apache.avro.Schema;

/**
 * A schema as the registry has it.
 *
 * @param id number that values carry in their header
 */
public record RegisteredSchema(int id, Schema schema) {}
