package io.rankstream.job.record;

/**
 * A header of a Kafka record. The array is never modified.
 *
 * @param key its name; several headers of a record may share one
 * @param value its content, or null
 */
public record RawHeader(String key, byte[] value) {}
