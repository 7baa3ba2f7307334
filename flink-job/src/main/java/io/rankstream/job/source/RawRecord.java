package io.rankstream.job.source;

/**
 * A Kafka record as it was read, before anything is known of its content. Arrays are never
 * modified.
 *
 * @param topic topic it came from
 * @param partition partition it came from
 * @param offset offset in that partition
 * @param key original key, or null
 * @param value original value, or null for a tombstone
 */
public record RawRecord(String topic, int partition, long offset, byte[] key, byte[] value) {}
