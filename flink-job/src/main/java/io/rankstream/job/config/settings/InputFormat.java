package io.rankstream.job.config.settings;

/** How labeled examples are written. */
public enum InputFormat {
    /** Avro, with a schema in the registry. */
    AVRO,
    /** JSON documents, whose fields a mapping finds. */
    JSON
}
