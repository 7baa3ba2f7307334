package io.rankstream.job.config;

import java.io.Serializable;

/**
 * Training operator.
 *
 * @param cacheBytes bytes of adapters that one subtask keeps ready to train; at least the newest
 *     one stays
 * @param starts what new adapters start from
 */
public record TrainSettings(long cacheBytes, AdapterStarts starts) implements Serializable {}
