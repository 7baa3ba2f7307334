package io.rankstream.job.config.settings;

import io.rankstream.job.mapping.JsonMapping;

/**
 * How labeled examples are read.
 *
 * @param format how they are written
 * @param mapping where the fields of JSON documents are; of Avro, it means nothing
 */
public record InputSettings(InputFormat format, JsonMapping mapping) {}
