package io.rankstream.job.registry;

/** The schema registry answered that it has no Avro schema with the id that was asked for. */
public final class UnknownSchemaException extends Exception {

    public UnknownSchemaException(String message) {
        super(message);
    }
}
